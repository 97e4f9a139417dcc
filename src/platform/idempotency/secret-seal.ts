import { Injectable } from '@nestjs/common';
import { Sealing } from '../config/sealing.js';
import { SecretConfig } from '../config/secret.config.js';
import { ResponseSeal } from './response-seal.js';

/** Encrypts under a key that follows from `SECRET_KEY`, or did so before it was changed. */
@Injectable()
export class SecretSeal extends ResponseSeal {
  private readonly sealing: Sealing;

  constructor(secrets: SecretConfig) {
    super();
    this.sealing = new Sealing(secrets, 'kept responses');
  }

  override seal(text: string, name: Buffer): Buffer {
    return this.sealing.seal(text, name);
  }

  override open(sealed: Buffer, name: Buffer): string | undefined {
    return this.sealing.open(sealed, name);
  }
}
