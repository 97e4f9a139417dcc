/** A browser, the issuer of oidc-provider and a front end of another origin, all real: people sign in, and are on their page. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type Api, PREFIX, startApi } from '../../support/api.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { describeWith } from '../../support/programs.js';

const CLIENT = { client_id: 'client', client_secret: 'a secret: of/the client' };
const LINKED = `SELECT username, email, email_verified_at IS NOT NULL AS is_verified, hashed_password, subject
  FROM social_link JOIN "user" ON "user".id = user_id ORDER BY username`;

describeWith('chromium', hasChromium, 'signing in by a real issuer', () => {
  let front: Server;
  let child: ChildProcess;
  let browser: Browser;
  let api: Api;
  let home: string;

  beforeAll(async () => {
    front = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Home</h1>'));
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    home = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    child = fork(join(__dirname, 'provider.mjs'), { silent: true });
    const [{ issuer }] = (await once(child, 'message')) as [{ issuer: string }];
    api = await startApi({
      FRONTEND_URL: home,
      CORS_ORIGINS: home,
      OIDC_ACME_ISSUER: issuer,
      OIDC_ACME_CLIENT_ID: CLIENT.client_id,
      OIDC_ACME_CLIENT_SECRET: CLIENT.client_secret,
    });
    child.send({ ...CLIENT, redirect_uris: [`${api.program.url}${PREFIX}/auth/oidc/acme/callback`] });
    await once(child, 'message');
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.stop();
    child?.kill();
    front?.close();
  });

  /** Somebody goes through the pages of the issuer, up to the front end. */
  async function signIn(login: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${api.program.url}${PREFIX}/auth/oidc/acme?redirect_to=/welcome`);
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', 'anything');
    await page.click('[type=submit]');
    await page.click('[type=submit]');
    await page.waitForURL(`${home}/**`);
    return page;
  }

  /** What a front end does then. */
  const me = (page: Page) =>
    page.evaluate(async (base) => {
      const answer = await fetch(`${base}/auth/refresh`, { method: 'POST', credentials: 'include' });
      const { access_token } = (await answer.json()) as { access_token?: string };
      if (!access_token) return { status: answer.status };
      const headers = { authorization: `Bearer ${access_token}` };
      return (await (await fetch(`${base}/users/me`, { headers })).json()) as Record<string, unknown>;
    }, api.program.url + PREFIX);

  test('somebody new has an account, and the same one the next time', async () => {
    const page = await signIn('ada');
    expect(page.url()).toBe(`${home}/welcome`);
    const first = await me(page);
    expect(first).toMatchObject({ username: 'ada', name: 'The ada', email: 'ada@example.com' });
    expect(await me(await signIn('ada'))).toEqual(first);
    expect(await api.database.query(LINKED)).toEqual([
      { username: 'ada', email: 'ada@example.com', is_verified: true, hashed_password: null, subject: 'ada' },
    ]);
  });

  test('somebody whose address the issuer has not verified takes no account over', async () => {
    const victim = await api.signUp({ email: 'mallory@example.com' });
    await api.database.query('UPDATE "user" SET email_verified_at = now() WHERE id = $1', [victim.id]);
    const page = await signIn('mallory');
    expect(page.url()).toBe(`${home}/welcome?error=account_exists`);
    expect(await me(page)).toEqual({ status: 401 });
  });

  test('scripts of the page see no cookie', async () => {
    const page = await signIn('grace');
    expect(await page.evaluate('document.cookie')).toBe('');
    const cookies = await page.context().cookies(api.program.url + PREFIX + '/auth');
    expect(cookies.filter(({ name }) => name === 'social_sign_in')).toMatchObject([
      { httpOnly: true, sameSite: 'Lax', path: '/' },
    ]);
  });
});
