import { IsOptional, IsString } from 'class-validator';
import { type Checked, Settings } from '../config/settings.js';

@Settings()
export class HttpConfig implements Checked {
  /** Separated by commas. */
  @IsOptional() @IsString() CORS_ORIGINS?: string;

  /** The sites whose pages may call the API from a browser. */
  get origins(): string[] {
    return (this.CORS_ORIGINS ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean);
  }

  problems(): string[] {
    return this.origins
      .filter((origin) => !isOrigin(origin))
      .map((origin) => `CORS_ORIGINS: ${origin} must be an origin such as https://app.example.com, without a path`);
  }
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
