import { isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import type { Client } from '../../platform/http/requests/client-info.js';
import type { DocsAccess, DocsPass, DocsVisit } from '../../platform/docs/docs-access.js';
import { audit } from '../../platform/runtime/log/audit.js';
import { type Credentials, CredentialsService } from '../../users/passwords/credentials.service.js';
import { NotSignedIn, SuperuserOnly, WrongCredentials } from '../auth.errors.js';
import { AuthService } from '../auth.service.js';
import { SessionHandover } from '../sign-in/session-handover.service.js';
import { SignInSteps } from '../sign-in/sign-in-steps.service.js';
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
    private readonly credentials: CredentialsService,
    private readonly steps: SignInSteps,
    private readonly handover: SessionHandover,
  ) {}

  async admit({ authorization, pass, client, countTry }: DocsVisit): Promise<DocsPass | undefined> {
    const token = bearerToken({ headers: { authorization } });
    const holder = token ? this.tokens.read(token, 'access') : this.tokens.read(pass ?? '', 'docs');
    const caller = holder && (await this.callers.of(holder));
    if (caller?.is_superuser) {
      if (caller.restriction) throw new caller.restriction();
      return undefined;
    }
    const credentials = nameAndPassword(authorization);
    if (credentials) {
      await countTry();
      return this.signIn(...credentials, client);
    }
    throw caller ? new SuperuserOnly() : new NotSignedIn();
  }

  /** Refuses others than superusers as if the password were wrong. */
  private async signIn(name: string, text: string, client: Client): Promise<DocsPass> {
    const from = { client, devices: [] };
    const owner = await this.ownerOf(name, text, from);
    if (!owner.is_superuser) {
      audit('sign_in_failed', { user_id: owner.id, ...client });
      throw new WrongCredentials();
    }
    const { id, user_id, expires_at } = await this.handover.openFor(owner, from, { lifetime: PASS_MILLISECONDS });
    const value = this.tokens.sign('docs', { userId: user_id, sessionId: id }, secondsUntil(expires_at));
    return { value, expires: expires_at };
  }

  /** A browser's prompt has no third field: what a further step asks for follows the password and a space. */
  private async ownerOf(name: string, text: string, from: Visit): Promise<Credentials> {
    const { user } = await this.credentials.find(name);
    const step = user && (await this.steps.of(user.id));
    if (!step) return this.auth.ownerOf(name, text, from);
    const end = text.lastIndexOf(' ');
    const owner = await this.auth.ownerOf(name, text.slice(0, Math.max(end, 0)), from);
    if (!(await step.isDone(owner, text.slice(end + 1), from))) throw new WrongCredentials();
    return owner;
  }
}

type Visit = Parameters<SessionHandover['openFor']>[1];

/** What a browser's own prompt sends (RFC 7617). */
function nameAndPassword(authorization = ''): [name: string, password: string] | undefined {
  const bytes = Buffer.from(BASIC.exec(authorization)?.[1] ?? '', 'base64');
  if (!isUtf8(bytes)) return undefined;
  const [, name, password] = /^([^:\0]{1,254}):([^\0]{1,150})$/s.exec(bytes.toString()) ?? [];
  return name !== undefined && password !== undefined ? [name, password] : undefined;
}
