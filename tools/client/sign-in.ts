/** Sign-in that lasts: the access token stays in memory, and is exchanged for another one before requests need it. */
import type { RefreshSessionData, SignInData, SignOutData, SignOutEverywhereData } from './generated/index.js';

const SIGN_IN: SignInData['url'] = '/api/v1/auth/login';
const REFRESH: RefreshSessionData['url'] = '/api/v1/auth/refresh';
const SIGN_OUT: (SignOutData | SignOutEverywhereData)['url'][] = ['/api/v1/auth/logout', '/api/v1/auth/logout-all'];
const COOKIE = /^(?:__Secure-)?refresh_token=([^;]+)/;
/** Of its lifetime, how much a token may have left when the next one is fetched in the background. */
const EARLY = 0.2;

/** Where a program without cookies, such as one in Node, keeps the refresh token. Browsers never see it. */
export interface RefreshTokens {
  read(): string | undefined | Promise<string | undefined>;
  /** Called before an access token is used, as the former refresh token is void soon; with undefined, when the session is over. */
  write(token: string | undefined): void | Promise<void>;
}

export interface SignInOptions {
  baseUrl: string;
  fetch?: typeof fetch;
  /** By default, it is kept in memory. */
  refreshTokens?: RefreshTokens;
  /** Called when the session is over: it is time to show the sign-in page. */
  onSignedOut?: () => void;
}

interface AccessToken {
  text: string;
  /** Milliseconds since 1970. */
  refreshAt: number;
  expiresAt: number;
}

export class SignIn {
  private token?: AccessToken;
  /** Whether there is nothing to refresh. After a page has loaded, its cookie may be good. */
  private isOver = false;
  private refreshing?: Promise<Response | undefined>;
  private readonly fetch: typeof fetch;
  private readonly refreshTokens: RefreshTokens;

  constructor(private readonly options: SignInOptions) {
    this.fetch = options.fetch ?? ((...sent) => globalThis.fetch(...sent));
    this.refreshTokens = options.refreshTokens ?? inMemory();
  }

  /** Like fetch. What has an `Authorization` gets the token of now, and another try if that has expired meanwhile. */
  async send(request: Request): Promise<Response> {
    if (!request.headers.has('Authorization')) return this.exchange(request);
    const again = request.clone();
    const refusal = await this.freshen();
    if (refusal) return refusal.clone();
    const used = this.token;
    const answer = await this.exchange(this.signed(request));
    if (answer.status !== 401 || !used) return answer;
    const secondRefusal = used === this.token ? await this.refresh() : undefined;
    if (secondRefusal) return secondRefusal.clone();
    return this.token ? this.exchange(this.signed(again)) : answer;
  }

  private signed(request: Request): Request {
    request.headers.set('Authorization', `Bearer ${this.token?.text ?? 'none'}`);
    return request;
  }

  /** Waits for another token only if the one of now cannot be used. */
  private async freshen(): Promise<Response | undefined> {
    const { refreshAt = 0, expiresAt = 0 } = this.token ?? {};
    if (this.isOver || Date.now() < refreshAt) return undefined;
    const refreshed = this.refresh();
    if (Date.now() >= expiresAt) return refreshed;
    refreshed.catch(() => undefined);
    return undefined;
  }

  /** Once for all that ask meanwhile. Answers what refused it for now: the session may still be good. */
  private refresh(): Promise<Response | undefined> {
    this.refreshing ??= this.requestToken().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async requestToken(): Promise<Response | undefined> {
    const refresh_token = await this.refreshTokens.read();
    const body = refresh_token && {
      body: JSON.stringify({ refresh_token }),
      headers: { 'Content-Type': 'application/json' },
    };
    const answer = await this.exchange(new Request(this.options.baseUrl + REFRESH, { method: 'POST', ...body }));
    if (answer.ok) return undefined;
    if (answer.status !== 401) return answer;
    await this.end();
    return undefined;
  }

  /** Keeps what it answers of tokens. The cookie is sent to where it is for, from pages of other origins too. */
  private async exchange(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const is = (url: string) => path.endsWith(url);
    const isSignOut = SIGN_OUT.some(is);
    if (![SIGN_IN, REFRESH].some(is) && !isSignOut) return this.fetch(request);
    const answer = await this.fetch(new Request(request, { credentials: 'include' }));
    if (answer.ok) await (isSignOut ? this.end() : this.begin(answer.clone()));
    return answer;
  }

  private async begin(answer: Response): Promise<void> {
    const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number };
    // Browsers show no cookies, and old ones not even that they could.
    const cookies = answer.headers.getSetCookie?.() ?? [];
    const [cookie] = cookies.flatMap((one) => COOKIE.exec(one)?.[1] ?? []);
    if (cookie) await this.refreshTokens.write(cookie);
    const expiresAt = Date.now() + expires_in * 1000;
    this.token = { text: access_token, expiresAt, refreshAt: expiresAt - expires_in * 1000 * EARLY };
    this.isOver = false;
  }

  private async end(): Promise<void> {
    const wasSignedIn = !this.isOver;
    this.token = undefined;
    this.isOver = true;
    await this.refreshTokens.write(undefined);
    if (wasSignedIn) this.options.onSignedOut?.();
  }
}

function inMemory(): RefreshTokens {
  let kept: string | undefined;
  return { read: () => kept, write: (token) => void (kept = token) };
}
