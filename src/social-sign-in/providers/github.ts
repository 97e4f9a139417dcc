/**
 * GitHub, which signs people in by OAuth 2 alone: it gives no ID token, so its API says who they are
 * (https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps).
 */
import * as oidc from 'openid-client';
import type { ProviderSettings } from '../social-sign-in.config.js';
import { boundedFetch } from './bounded-fetch.js';
import { failureOf } from './failures.js';
import type { Challenge, Identity, Person, Provider } from './provider.js';

const SITE = 'https://github.com';
const API = 'https://api.github.com';
const HEADERS = { accept: 'application/vnd.github+json', 'user-agent': 'social-sign-in' };

interface Account {
  id?: unknown;
  login?: unknown;
  name?: unknown;
}

interface Address {
  email: string;
  primary: boolean;
  verified: boolean;
}

export class GithubProvider implements Provider {
  private readonly site: string;
  private readonly api: string;
  private readonly configuration: oidc.Configuration;

  constructor(
    private readonly settings: ProviderSettings,
    timeoutSeconds: number,
  ) {
    const { issuer, client_id, client_secret } = settings;
    this.site = issuer.href.replace(/\/$/, '');
    // An enterprise's own server has its API below a path.
    this.api = this.site === SITE ? API : `${this.site}/api/v3`;
    const server = {
      issuer: this.site,
      authorization_endpoint: `${this.site}/login/oauth/authorize`,
      token_endpoint: `${this.site}/login/oauth/access_token`,
    };
    this.configuration = new oidc.Configuration(server, client_id, client_secret);
    this.configuration.timeout = timeoutSeconds;
    this.configuration[oidc.customFetch] = boundedFetch;
    if (issuer.protocol === 'http:') oidc.allowInsecureRequests(this.configuration);
  }

  get name(): string {
    return this.settings.name;
  }

  async begin({ state, code_verifier, redirect_uri }: Challenge): Promise<URL> {
    return oidc.buildAuthorizationUrl(this.configuration, {
      redirect_uri,
      scope: this.settings.scopes,
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    });
  }

  async finish(query: URLSearchParams, { state, code_verifier, redirect_uri }: Challenge): Promise<Identity> {
    const checks = { expectedState: state, pkceCodeVerifier: code_verifier };
    try {
      const url = new URL(`?${query.toString()}`, redirect_uri);
      const { access_token } = await oidc.authorizationCodeGrant(this.configuration, url, checks);
      const account = (await this.read('/user', access_token)) as Account;
      if (!Number.isSafeInteger(account.id)) throw new Error('GitHub names no account');
      return { issuer: this.site, subject: String(account.id), person: () => this.personOf(account, access_token) };
    } catch (error) {
      throw failureOf(error);
    }
  }

  private async personOf({ login, name }: Account, token: string): Promise<Person> {
    try {
      const addresses = (await this.read('/user/emails', token)) as Address[];
      const primary = addresses.find((one) => one.primary);
      return {
        email: primary?.email,
        is_email_verified: primary?.verified === true,
        name: typeof name === 'string' ? name : undefined,
        nickname: typeof login === 'string' ? login : undefined,
      };
    } catch (error) {
      throw failureOf(error);
    }
  }

  private async read(path: string, token: string): Promise<unknown> {
    const url = new URL(this.api + path);
    const headers = new Headers(HEADERS);
    const answer = await oidc.fetchProtectedResource(this.configuration, token, url, 'GET', null, headers);
    if (!answer.ok) throw new Error('GitHub refuses', { cause: answer });
    return answer.json();
  }
}
