import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretConfig } from '../config/secret.config.js';
import { ResponseSeal } from './response-seal.js';

const CIPHER = 'aes-256-gcm';
const [KEY_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 12, 16];

/** Encrypts under a key that follows from `SECRET_KEY`, or did so before it was changed. */
@Injectable()
export class SecretSeal extends ResponseSeal {
  private readonly keys: Buffer[];

  constructor({ SECRET_KEY, SECRET_KEY_PREVIOUS }: SecretConfig) {
    super();
    this.keys = [SECRET_KEY, SECRET_KEY_PREVIOUS].flatMap((secret) => (secret ? [keyOf(secret)] : []));
  }

  override seal(text: string, name: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keys[0]!, nonce).setAAD(name);
    const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), content]);
  }

  override open(sealed: Buffer, name: Buffer): string | undefined {
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

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'kept responses', KEY_BYTES));
}

function openWith(key: Buffer, sealed: Buffer, name: Buffer): string {
  const start = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(name).setAuthTag(sealed.subarray(NONCE_BYTES, start));
  return decipher.update(sealed.subarray(start), undefined, 'utf8') + decipher.final('utf8');
}
