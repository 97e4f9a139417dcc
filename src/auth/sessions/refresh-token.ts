/**
 * Refresh tokens are opaque: 128 random bits that name a family, and 256 that change with each use. The database holds
 * hashes of both, and the newest token sealed under the one before it.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const TOKEN = /^[\w-]{64}$/;
// Each key seals one token only.
const NONCE = Buffer.alloc(12);

export class RefreshToken {
  private constructor(
    private readonly family: Buffer,
    private readonly secret: Buffer,
  ) {}

  /** The first token of a new family. */
  static create(): RefreshToken {
    return new RefreshToken(randomBytes(FAMILY_BYTES), randomBytes(SECRET_BYTES));
  }

  /** Reads what a client sent; undefined when it can't be a refresh token. */
  static parse(text: string): RefreshToken | undefined {
    if (!TOKEN.test(text)) return undefined;
    const bytes = Buffer.from(text, 'base64url');
    return new RefreshToken(bytes.subarray(0, FAMILY_BYTES), bytes.subarray(FAMILY_BYTES));
  }

  get familyHash(): string {
    return hash(this.family);
  }

  get hash(): string {
    return hash(this.secret);
  }

  /** The next token of the family. */
  successor(): RefreshToken {
    return new RefreshToken(this.family, randomBytes(SECRET_BYTES));
  }

  /** Encrypts the successor so that only who holds this token can read it. */
  seal(successor: RefreshToken): string {
    const cipher = createCipheriv(CIPHER, this.sealingKey, NONCE);
    return Buffer.concat([cipher.update(successor.secret), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** The successor that `seal` has encrypted. */
  open(sealed: string): RefreshToken {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(CIPHER, this.sealingKey, NONCE);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const secret = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    return new RefreshToken(this.family, secret);
  }

  toString(): string {
    return Buffer.concat([this.family, this.secret]).toString('base64url');
  }

  private get sealingKey(): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, '', 'successor', 32));
  }
}

/** Random bits need no slow hash: nobody can guess them. */
function hash(bits: Buffer): string {
  return createHash('sha256').update(bits).digest('base64url');
}
