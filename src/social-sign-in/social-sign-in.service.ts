import { HttpException, Injectable } from '@nestjs/common';
import { CallersService } from '../auth/access/callers.service.js';
import { SessionHandover } from '../auth/sign-in/session-handover.service.js';
import type { Caller } from '../platform/http/access/caller.js';
import type { Exchange } from '../platform/http/access/exchange.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { type Attempt, Attempts, challengeOf, newSecret } from './attempts/attempts.service.js';
import { LinksService } from './links/links.service.js';
import type { Identity } from './providers/provider.js';
import { Providers } from './providers/providers.service.js';
import { Redirects, withFailure } from './redirects.js';
import { SocialAccounts } from './social-accounts.service.js';
import { LinkedElsewhere, SignInRefused } from './social-sign-in.errors.js';

/** Where a browser goes to, and comes back to with what. */
export interface Detour {
  provider: string;
  /** What the browser has in its cookie. */
  secret: string | undefined;
  /** The address of the callback, as the browser sees it. */
  redirect_uri: string;
}

@Injectable()
export class SocialSignInService {
  constructor(
    private readonly providers: Providers,
    private readonly attempts: Attempts,
    private readonly redirects: Redirects,
    private readonly accounts: SocialAccounts,
    private readonly links: LinksService,
    private readonly handover: SessionHandover,
    private readonly callers: CallersService,
  ) {}

  /**
   * Begins an attempt to sign in, or to link an account of the provider to that of a caller. Throws `ProviderNotFound`,
   * `ValidationFailed`, `IssuerUnavailable`.
   * @returns where the browser goes
   */
  async begin(
    { provider: name, secret, redirect_uri }: Detour & { secret: string },
    redirectTo: string | undefined,
    caller?: Caller,
  ): Promise<string> {
    const provider = this.providers.named(name);
    const redirect_to = this.redirects.target(redirectTo);
    const challenge = challengeOf(secret, newSecret(), redirect_uri);
    const { href } = await provider.begin(challenge);
    await this.attempts.begin(secret, challenge.state, {
      provider: name,
      redirect_to,
      session_id: caller?.session_id ?? null,
    });
    return href;
  }

  /**
   * Signs in, or links, whoever the provider says has come back. Throws `ProviderNotFound` and `UnknownAttempt`; of
   * everything else that goes wrong, the page learns the code.
   * @returns where the browser goes
   */
  async finish(
    { provider: name, secret, redirect_uri }: Detour,
    query: URLSearchParams,
    exchange: Exchange,
  ): Promise<string> {
    const provider = this.providers.named(name);
    const state = query.get('state');
    const attempt = await this.attempts.take(secret, state, name);
    try {
      const identity = await provider.finish(query, challengeOf(secret!, state!, redirect_uri));
      await this.welcome(identity, name, attempt, exchange);
      return attempt.redirect_to;
    } catch (error) {
      if (!(error instanceof HttpException) || error.errorCode === undefined) throw error;
      const reason = error instanceof SignInRefused ? error.reason : undefined;
      audit('social_sign_in_failed', { provider: name, code: error.errorCode, reason, ...exchange.client });
      return withFailure(attempt.redirect_to, error);
    }
  }

  private async welcome(identity: Identity, provider: string, attempt: Attempt, exchange: Exchange): Promise<void> {
    if (attempt.session) return this.link(identity, provider, attempt.session, exchange.client);
    const owner = await this.accounts.ownerOf(identity, provider, exchange.client);
    await this.handover.signIn(owner, exchange, { provider });
  }

  /** Whoever began it must still be signed in: ending the session also ends this. */
  private async link(
    identity: Identity,
    provider: string,
    { id: sessionId, user_id: userId }: { id: number; user_id: number },
    client: Client,
  ): Promise<void> {
    if (!(await this.callers.of({ sessionId, userId }))) throw new SignInRefused('the session has ended');
    const linked = await this.links.ownerOf(identity);
    if (linked === userId) return;
    if (linked !== undefined) throw new LinkedElsewhere();
    await this.links.add(userId, provider, identity, client);
  }
}
