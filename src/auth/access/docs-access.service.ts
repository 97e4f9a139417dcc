import { isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import type { DocsAccess, DocsPass, DocsVisit } from '../../platform/docs/docs-access.js';
import { NotSignedIn, SuperuserOnly } from '../auth.errors.js';
import { AuthService } from '../auth.service.js';
import { bearerToken } from '../tokens/bearer-token.js';
import { CallersService } from './callers.service.js';
import { secondsUntil, TokensService } from '../tokens/tokens.service.js';

const PASS_MILLISECONDS = 60 * 60 * 1000;
const BASIC = /^basic +([\w+/=-]+)$/i;

/** Opens the docs to superusers, for routes that guards do not cover. */
@Injectable()
export class DocsAccessService implements DocsAccess {
  constructor(
    private readonly tokens: TokensService,
    private readonly callers: CallersService,
    private readonly auth: AuthService,
  ) {}

  async admit({ authorization, pass, client, countTry }: DocsVisit): Promise<DocsPass | undefined> {
    const token = bearerToken({ headers: { authorization } });
    const holder = token ? this.tokens.read(token, 'access') : this.tokens.read(pass ?? '', 'docs');
    const caller = holder && (await this.callers.of(holder));
    if (caller?.is_superuser) return undefined;
    const credentials = nameAndPassword(authorization);
    if (credentials) {
      await countTry();
      const options = { superusersOnly: true, lifetime: PASS_MILLISECONDS };
      const { id, user_id, expires_at } = await this.auth.signIn(...credentials, client, options);
      const value = this.tokens.sign('docs', { userId: user_id, sessionId: id }, secondsUntil(expires_at));
      return { value, expires: expires_at };
    }
    throw caller ? new SuperuserOnly() : new NotSignedIn();
  }
}

/** What a browser's own prompt sends (RFC 7617). */
function nameAndPassword(authorization = ''): [name: string, password: string] | undefined {
  const bytes = Buffer.from(BASIC.exec(authorization)?.[1] ?? '', 'base64');
  if (!isUtf8(bytes)) return undefined;
  const [, name, password] = /^([^:\0]{1,254}):([^\0]{1,128})$/s.exec(bytes.toString()) ?? [];
  return name !== undefined && password !== undefined ? [name, password] : undefined;
}
