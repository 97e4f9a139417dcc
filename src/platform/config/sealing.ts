/** Encryption of what is kept in the database, under a key that follows from `SECRET_KEY`, or did so before it was changed. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { SecretConfig } from './secret.config.js';

const CIPHER = 'aes-256-gcm';
const [KEY_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 12, 16];

export class Sealing {
  private readonly keys: Buffer[];

  /** @param use tells its key from those of other uses */
  constructor({ SECRET_KEY, SECRET_KEY_PREVIOUS }: SecretConfig, use: string) {
    const secrets = [SECRET_KEY, SECRET_KEY_PREVIOUS].flatMap((secret) => (secret ? [secret] : []));
    this.keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES)));
  }

  /** Tells the key that is used now from others. */
  get keyId(): string {
    return createHash('sha256').update(this.keys[0]!).digest('base64url').slice(0, 12);
  }

  /** @param name what has to be given again to open it */
  seal(text: string, name: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keys[0]!, nonce).setAAD(name);
    const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), content]);
  }

  /** Undefined for what cannot be opened any more. */
  open(sealed: Buffer, name: Buffer): string | undefined {
    for (const key of this.keys) {
      try {
        return openWith(key, sealed, name);
      } catch {
        // Sealed with the other key, or one from before.
      }
    }
    return undefined;
  }
}

function openWith(key: Buffer, sealed: Buffer, name: Buffer): string {
  const start = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(name).setAuthTag(sealed.subarray(NONCE_BYTES, start));
  return decipher.update(sealed.subarray(start), undefined, 'utf8') + decipher.final('utf8');
}
