import { IsOptional, IsString, MinLength } from 'class-validator';
import { isDeployed } from './app.config.js';
import { type Checked, Settings } from './settings.js';

const SAMPLE = /^(secret|change|your|sample|example|test)/i;

/** What tokens and cursors are signed with. */
@Settings()
export class SecretConfig implements Checked {
  @IsString()
  @MinLength(32, { message: 'SECRET_KEY must have at least 32 characters (openssl rand -hex 32)' })
  SECRET_KEY!: string;

  @IsOptional()
  @MinLength(32, { message: 'SECRET_KEY_PREVIOUS must have at least 32 characters' })
  SECRET_KEY_PREVIOUS?: string;

  problems(): string[] {
    const problems: string[] = [];
    if (this.SECRET_KEY_PREVIOUS === this.SECRET_KEY) {
      problems.push('SECRET_KEY_PREVIOUS: must be the previous key, not the same as SECRET_KEY');
    }
    if (!isDeployed()) return problems;
    // Whoever knows the key before can sign tokens as well.
    for (const name of ['SECRET_KEY', 'SECRET_KEY_PREVIOUS'] as const) {
      if (isSample(this[name])) problems.push(`${name}: must not be a sample (openssl rand -hex 32)`);
    }
    return problems;
  }
}

function isSample(secret?: string): boolean {
  return secret !== undefined && (SAMPLE.test(secret) || new Set(secret).size < 8);
}
