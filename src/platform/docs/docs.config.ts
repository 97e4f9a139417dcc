import { IsBoolean, IsOptional } from 'class-validator';
import { AppConfig } from '../config/app.config.js';
import { Settings, settingsOf } from '../config/settings.js';

@Settings()
export class DocsConfig {
  /** Whether there is a board of the queues; unless set, there is one everywhere but in production. */
  @IsOptional() @IsBoolean() BOARD_ENABLED?: boolean;

  get hasDocs(): boolean {
    return settingsOf(AppConfig).ENVIRONMENT !== 'production';
  }

  get hasBoard(): boolean {
    return this.BOARD_ENABLED ?? this.hasDocs;
  }
}
