import { isIP } from 'node:net';
import { IsInt, IsOptional, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Settings } from '../config/settings.js';

@Settings()
export class HttpConfig {
  /** Separated by commas. */
  @EachIs(isOrigin, 'an origin such as https://app.example.com, without a path')
  CORS_ORIGINS?: string;
  /** Addresses and networks, separated by commas. */
  @EachIs(isNetwork, 'an address or a network such as 10.0.0.0/8')
  TRUST_PROXY?: string;

  /** How long a connection is kept that sends no further request. */
  @IsInt() @Min(1) @Max(3600) KEEP_ALIVE_SECONDS = 72;

  /** How long clients may keep public answers, in seconds; 0 turns that off. */
  @IsInt() @Min(0) @Max(31_536_000) CLIENT_CACHE_MAX_AGE = 60;

  /** How long an API goes on serving after it has said that it stops. */
  @IsInt() @Min(0) @Max(600) SHUTDOWN_GRACE_SECONDS = 5;

  @IsOptional()
  @Matches(/^(\/[\w.~-]+)+$/, { message: 'PUBLIC_PATH must be a path such as /backend, without a trailing slash' })
  PUBLIC_PATH?: string;

  /** A path as clients see it, below what a proxy strips. */
  publicPath(path: string): string {
    return (this.PUBLIC_PATH ?? '') + path;
  }

  /** The sites whose pages may call the API from a browser. */
  get origins(): string[] {
    return listOf(this.CORS_ORIGINS);
  }

  /** The proxies whose `X-Forwarded-*` headers are believed. */
  get proxies(): string[] {
    return listOf(this.TRUST_PROXY);
  }
}

/** Each part of a list with commas must be one. */
function EachIs(isOne: (text: string) => boolean, what: string): PropertyDecorator {
  const wrong = (list: unknown) => listOf(String(list)).filter((part) => !isOne(part));
  const validator = {
    validate: (list: unknown) => list === undefined || wrong(list).length === 0,
    defaultMessage: (args?: { value: unknown }) => `${wrong(args?.value).join(', ')} must be ${what}`,
  };
  return ValidateBy({ name: 'eachIs', validator });
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(prefix ?? 1) >= 1 && Number(prefix ?? 1) <= (version === 4 ? 32 : 128);
}
