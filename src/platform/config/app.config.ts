import { IsEmail, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { Host } from './host.js';
import { Settings, settingsOf } from './settings.js';

export type Environment = 'local' | 'staging' | 'production';

@Settings()
export class AppConfig {
  @Length(1, 100) APP_NAME = 'Fast NestJS boilerplate';
  @IsString() APP_DESCRIPTION = 'Accounts and background tasks';
  @Length(1, 30) APP_VERSION = '0.1.0';
  @IsOptional() @IsString() CONTACT_NAME?: string;
  @IsOptional() @IsEmail() CONTACT_EMAIL?: string;
  @IsString() LICENSE_NAME = 'MIT';
  @IsIn(['local', 'staging', 'production']) ENVIRONMENT: Environment = 'local';
  /** Where the process listens; see `listenHosts`. */
  @Host()
  HOST?: string;
  @IsInt() @Min(0) @Max(65535) PORT = 8000;
  @IsInt() @Min(1) @Max(256) WEB_CONCURRENCY = 1;
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) LOG_LEVEL: string = 'info';
}

/** Staging and production refuse what is convenient on a developer's machine. */
export function isDeployed(): boolean {
  return settingsOf(AppConfig).ENVIRONMENT !== 'local';
}
