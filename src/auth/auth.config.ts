import { createHash, createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { JwtService } from '@nestjs/jwt';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { AppConfig } from '../platform/config/app.config.js';
import { SecretConfig } from '../platform/config/secret.config.js';
import { type Checked, Settings, settingsOf } from '../platform/config/settings.js';

const SYMMETRIC = ['HS256', 'HS384', 'HS512'] as const;
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const;
const ALGORITHMS = [...SYMMETRIC, ...ASYMMETRIC] as const;

// What jsonwebtoken says when a key could have signed a token, but did not.
const ANOTHER_KEY = 'invalid signature';

/** A key and the id by which tokens name it. */
interface NamedKey {
  id: string;
  key: KeyObject;
}

@Settings()
export class AuthConfig implements Checked {
  @IsIn(ALGORITHMS) ALGORITHM: (typeof ALGORITHMS)[number] = 'HS256';
  /** PEM files, for algorithms other than HS. */
  @IsOptional() @IsString() PRIVATE_KEY_FILE?: string;
  @IsOptional() @IsString() PUBLIC_KEY_PREVIOUS_FILE?: string;

  @IsInt() @Min(1) @Max(1440) ACCESS_TOKEN_EXPIRE_MINUTES = 30;
  @IsInt() @Min(1) @Max(30) REFRESH_TOKEN_EXPIRE_DAYS = 7;

  /** What new tokens are signed with. A key object works many times faster than text. */
  get signingKey(): NamedKey {
    if (!this.isAsymmetric) return named(createSecretKey(secrets().SECRET_KEY, 'utf8'));
    const key = createPrivateKey(readFileSync(this.PRIVATE_KEY_FILE!));
    return { id: named(createPublicKey(key)).id, key };
  }

  /** What tokens may have been signed with, by key id: the current key, and the one before it if there is one. */
  get verifyingKeys(): ReadonlyMap<string, KeyObject> {
    const { id, key } = this.signingKey;
    const keys = new Map([[id, this.isAsymmetric ? createPublicKey(key) : key]]);
    const previous = this.previousKey();
    return previous ? keys.set(named(previous).id, previous) : keys;
  }

  /** What a token must have been signed with and for (RFC 8725, 3.1, 3.8 and 3.9). */
  get pinned() {
    const { APP_NAME } = settingsOf(AppConfig);
    return { algorithms: [this.ALGORITHM], issuer: APP_NAME, audience: APP_NAME };
  }

  problems(): string[] {
    const problems = this.keyProblems();
    const bits = Number(this.ALGORITHM.slice(2));
    const { SECRET_KEY } = secrets();
    // A key that is too short for every algorithm has already been refused.
    if (!this.isAsymmetric && SECRET_KEY?.length >= 32 && Buffer.byteLength(SECRET_KEY) < bits / 8) {
      problems.push(`SECRET_KEY: must have at least ${bits / 8} characters for ${this.ALGORITHM} (RFC 7518, 3.2)`);
    }
    return problems;
  }

  private get isAsymmetric(): boolean {
    return (ASYMMETRIC as readonly string[]).includes(this.ALGORITHM);
  }

  private previousKey(): KeyObject | undefined {
    if (this.isAsymmetric) {
      return this.PUBLIC_KEY_PREVIOUS_FILE ? createPublicKey(readFileSync(this.PUBLIC_KEY_PREVIOUS_FILE)) : undefined;
    }
    const { SECRET_KEY_PREVIOUS } = secrets();
    return SECRET_KEY_PREVIOUS ? createSecretKey(SECRET_KEY_PREVIOUS, 'utf8') : undefined;
  }

  /** A file may be missing or contain something else, or a key for another algorithm: signing a trial token shows it. */
  private keyProblems(): string[] {
    if (!this.isAsymmetric) return [];
    if (!this.PRIVATE_KEY_FILE) return [`PRIVATE_KEY_FILE: must name a PEM file for ALGORITHM ${this.ALGORITHM}`];
    const jwt = new JwtService();
    let trial: string;
    try {
      trial = jwt.sign({}, { privateKey: this.signingKey.key as never, algorithm: this.ALGORITHM });
    } catch (error) {
      return [`PRIVATE_KEY_FILE: must hold a private key for ${this.ALGORITHM}: ${reasonOf(error)}`];
    }
    try {
      const previous = this.previousKey();
      if (!previous) return [];
      jwt.verify(trial, { publicKey: previous as never, algorithms: [this.ALGORITHM] });
      return ['PUBLIC_KEY_PREVIOUS_FILE: must hold the previous public key, not that of PRIVATE_KEY_FILE'];
    } catch (error) {
      if (reasonOf(error) === ANOTHER_KEY) return [];
      return [`PUBLIC_KEY_PREVIOUS_FILE: must hold a public key for ${this.ALGORITHM}: ${reasonOf(error)}`];
    }
  }
}

const secrets = () => settingsOf(SecretConfig);

/** Without the path of the file, because some put the key itself there. */
function reasonOf(error: unknown): string {
  return (error as Error).message.split(', open ', 1)[0]!;
}

/** The id tells keys apart and nothing else: a hash of the key, cut short. */
function named(key: KeyObject): NamedKey {
  const bytes = key.type === 'secret' ? key.export() : key.export({ type: 'spki', format: 'der' });
  return { id: createHash('sha256').update('kid').update(bytes).digest('base64url').slice(0, 12), key };
}
