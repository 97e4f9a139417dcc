import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { AccessKeyName } from '../../platform/http/access/caller.js';
import { parseId } from '../../platform/http/requests/path-ids.js';

/** What a token is for; one can't stand in for another (RFC 8725, 3.11). */
export type TokenType = 'access' | 'docs';

/** Whom a token names: an account, in one of its sessions. */
export interface Holder {
  userId: number;
  sessionId: number;
}

/** Whom an access key names. */
export interface KeyHolder {
  userId: number;
  access_key: AccessKeyName;
}

interface Claims {
  sub: string;
  sid: string;
  typ: TokenType;
}

const SECOND = 1000;

@Injectable()
export class TokensService {
  constructor(private readonly jwt: JwtService) {}

  /** @param seconds how long the token is good for */
  sign(typ: TokenType, { userId, sessionId }: Holder, seconds: number): string {
    const claims = { sub: String(userId), sid: String(sessionId), typ } satisfies Claims;
    return this.jwt.sign(claims, { jwtid: randomUUID(), expiresIn: seconds });
  }

  /** Whom a token of that type names; undefined when it is not one of ours, has expired, or is for something else. */
  read(token: string, typ: TokenType): Holder | undefined {
    try {
      return holderOf(this.jwt.verify<object>(token), typ);
    } catch {
      return undefined;
    }
  }
}

/** Whom the claims of a token with a good signature name. */
export function holderOf(claims: Partial<Record<keyof Claims | 'exp', unknown>>, typ: TokenType): Holder | undefined {
  const [userId, sessionId] = [claims.sub, claims.sid].map((id) => (typeof id === 'string' ? parseId(id) : undefined));
  const isMeant = claims.typ === typ && typeof claims.exp === 'number';
  return isMeant && userId !== undefined && sessionId !== undefined ? { userId, sessionId } : undefined;
}

/** Whole seconds until then, at least one. */
export function secondsUntil(instant: Date): number {
  return Math.max(1, Math.floor((instant.getTime() - Date.now()) / SECOND));
}
