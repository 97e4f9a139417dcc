/** A browser that goes to issuers and comes back: it keeps cookies, and follows redirects only when it is told to. */
import { PREFIX, type User } from '../support/api.js';
import { send, type Received } from '../support/raw.js';
import type { Asked } from './issuer.js';

const COOKIE = /^([^=]+)=([^;]*)/;

export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  async ask(method: string, path: string, { body, token }: { body?: object; token?: string } = {}): Promise<Received> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, ...(cookie && { cookie }) };
    const answer = await send(this.url, { method, path: PREFIX + path, body, token, headers });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = COOKIE.exec(line)!;
      this.cookies.set(name!, value!);
    }
    return answer;
  }

  /** Begins to sign in. */
  async leave(provider: string, redirect_to?: string): Promise<Asked> {
    const query = redirect_to === undefined ? '' : `?${new URLSearchParams({ redirect_to }).toString()}`;
    const answer = await this.ask('GET', `/auth/oidc/${provider}${query}`);
    expect(answer.status).toBe(302);
    return askedIn(answer.headers.location!);
  }

  /** Begins to link an account of the provider to that of a user. */
  async leaveToLink(provider: string, { token }: Pick<User, 'token'>): Promise<Asked> {
    const answer = await this.ask('POST', `/auth/oidc/${provider}/link`, { body: {}, token });
    expect(answer.status).toBe(200);
    return askedIn((JSON.parse(answer.text) as { authorization_url: string }).authorization_url);
  }

  comeBack(provider: string, query: Record<string, string>): Promise<Received> {
    return this.ask('GET', `/auth/oidc/${provider}/callback?${new URLSearchParams(query).toString()}`);
  }

  /** The access token of the session that its refresh token continues. */
  async token(): Promise<string> {
    const { status, text } = await this.ask('POST', '/auth/refresh');
    expect(status).toBe(200);
    return (JSON.parse(text) as { access_token: string }).access_token;
  }

  async me(): Promise<Record<string, unknown>> {
    const { text } = await this.ask('GET', '/users/me', { token: await this.token() });
    return JSON.parse(text) as Record<string, unknown>;
  }
}

export function askedIn(location: string): Asked {
  return Object.fromEntries(new URL(location).searchParams) as Asked;
}

/** Where a browser was sent, and the code of what had gone wrong. */
export function outcomeOf({ status, headers, text }: Received): { page?: string; error?: string; status?: number } {
  if (status !== 302) return { status, error: (JSON.parse(text) as { code?: string }).code };
  const url = new URL(headers.location!);
  const error = url.searchParams.get('error') ?? undefined;
  url.searchParams.delete('error');
  return { page: url.href, ...(error && { error }) };
}
