import { type DynamicModule, Module } from '@nestjs/common';
import { settingsClasses, settingsOf } from './settings.js';

/** Makes every settings class injectable everywhere under its own type. */
@Module({})
export class ConfigModule {
  static forRoot(): DynamicModule {
    const providers = settingsClasses().map((owner) => ({ provide: owner, useFactory: () => settingsOf(owner) }));
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
