/** Devices that somebody has signed in on before, known by a cookie (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies). */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SecretConfig } from '../../platform/config/secret.config.js';
import { AuthCookie } from '../../platform/http/access/auth-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import type { Device } from '../../platform/http/access/caller.js';

const LIFETIME_MILLISECONDS = 90 * 86_400_000;
const MAX_ACCOUNTS = 5;
const SEPARATOR = '~';
// User, end in milliseconds since 1970, id, signature of all three.
const PASS = /^(([1-9]\d{0,15})\.(\d{13})\.([\w-]{16}))\.([\w-]{43})$/;

/** Reads and writes the cookie: a signed pass for each of the last five accounts that signed in on the device. */
@Injectable()
export class KnownDevices {
  private readonly cookie: AuthCookie;
  private readonly keys: Buffer[];

  constructor({ SECRET_KEY, SECRET_KEY_PREVIOUS }: SecretConfig, http: HttpConfig) {
    this.cookie = new AuthCookie('device', http);
    this.keys = [SECRET_KEY, SECRET_KEY_PREVIOUS].flatMap((secret) => (secret ? [keyOf(secret)] : []));
  }

  /** The device as each account knows it that has signed in there, the last one first. */
  of(request: FastifyRequest): Device[] {
    return this.passes(request).map(({ device }) => device);
  }

  /** Makes the device known to a user for 90 days. */
  remember(userId: number, request: FastifyRequest, reply: FastifyReply): void {
    const others = this.passes(request).filter(({ device }) => device.user_id !== userId);
    const expires = new Date(Date.now() + LIFETIME_MILLISECONDS);
    const content = `${userId}.${expires.getTime()}.${randomBytes(12).toString('base64url')}`;
    const fresh = `${content}.${signatureOf(content, this.keys[0]!)}`;
    const texts = [fresh, ...others.map(({ text }) => text)].slice(0, MAX_ACCOUNTS);
    this.cookie.set(reply, texts.join(SEPARATOR), expires);
  }

  private passes(request: FastifyRequest): { text: string; device: Device }[] {
    const texts = (this.cookie.read(request) ?? '').split(SEPARATOR, MAX_ACCOUNTS);
    return texts.flatMap((text) => {
      const [, content, userId, expires, id, signature] = PASS.exec(text) ?? [];
      if (!content || Number(expires) < Date.now() || !this.hasSigned(content, signature!)) return [];
      return [{ text, device: { user_id: Number(userId), id: id! } }];
    });
  }

  private hasSigned(content: string, signature: string): boolean {
    return this.keys.some((key) => timingSafeEqual(Buffer.from(signatureOf(content, key)), Buffer.from(signature)));
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'device cookie', 32));
}

function signatureOf(content: string, key: Buffer): string {
  return createHmac('sha256', key).update(content).digest('base64url');
}
