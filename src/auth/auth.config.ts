import { createSecretKey, type KeyObject } from 'node:crypto';
import { IsIn, IsInt, IsString, Max, Min, MinLength } from 'class-validator';
import { AppConfig, isDeployed } from '../config/app.config.js';
import { type Checked, Settings, settingsOf } from '../config/settings.js';

const SAMPLE = /^(secret|change|your|sample|example|test)/i;

@Settings()
export class AuthConfig implements Checked {
  @IsString()
  @MinLength(32, { message: 'SECRET_KEY must have at least 32 characters (openssl rand -hex 32)' })
  SECRET_KEY!: string;

  @IsIn(['HS256', 'HS384', 'HS512']) ALGORITHM: 'HS256' | 'HS384' | 'HS512' = 'HS256';
  @IsInt() @Min(1) @Max(1440) ACCESS_TOKEN_EXPIRE_MINUTES = 30;
  @IsInt() @Min(4) @Max(15) BCRYPT_COST = 12;

  /** A key object verifies many times faster than text. */
  get signingKey(): KeyObject {
    return createSecretKey(this.SECRET_KEY, 'utf8');
  }

  /** What a token must have been signed with and for (RFC 8725, 3.1, 3.8 and 3.9). */
  get pinned() {
    const { APP_NAME } = settingsOf(AppConfig);
    return { algorithms: [this.ALGORITHM], issuer: APP_NAME, audience: APP_NAME };
  }

  problems(): string[] {
    if (!isDeployed()) return [];
    const problems: string[] = [];
    if (SAMPLE.test(this.SECRET_KEY) || new Set(this.SECRET_KEY).size < 8) {
      problems.push('SECRET_KEY: must not be a sample (openssl rand -hex 32)');
    }
    if (this.BCRYPT_COST < 10) problems.push('BCRYPT_COST: must be at least 10 in staging and production');
    return problems;
  }
}
