import { type DynamicModule, Module } from '@nestjs/common';
import { Events } from './events.js';

@Module({})
export class EventsModule {
  static forRoot(): DynamicModule {
    return { module: EventsModule, global: true, providers: [Events], exports: [Events] };
  }
}
