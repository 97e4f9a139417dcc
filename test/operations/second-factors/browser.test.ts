/** Passkeys in Chromium, with an authenticator of its own, on a page of a front end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { AUTH } from '../../second-factors/factors.js';
import { type Api, PASSWORD, startApi, type User } from '../../support/api.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { describeWith } from '../../support/programs.js';

const AUTHENTICATOR = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

/** What a front end does: a request, perhaps after another one and what the authenticator makes of its answer. */
const PAGE = `<title>Front end</title><script>
  async function ask({ url, token, ceremony, path, optionsPath, body = {} }) {
    const post = async (to, content) => {
      const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) };
      const sent = { method: 'POST', credentials: 'include', headers, body: JSON.stringify(content) };
      const answer = await fetch(url + to, sent);
      return { status: answer.status, body: await answer.json().catch(() => ({})) };
    };
    if (!ceremony) return post(path, body);
    const { given = (await post(optionsPath)).body, ...others } = body;
    const options = given.options ?? given.passkey_options;
    const read = ceremony === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
    const credential = await navigator.credentials[ceremony]({ publicKey: PublicKeyCredential[read](options) });
    return post(path, { ...others, challenge: given.token, passkey: credential.toJSON() });
  }
</script>`;

interface Asked {
  token?: string;
  /** A ceremony of WebAuthn between the two requests. */
  ceremony?: 'create' | 'get';
  path: string;
  optionsPath?: string;
  body?: Record<string, unknown>;
}

interface Answered {
  status: number;
  body: Record<string, unknown>;
}

describeWith('chromium', hasChromium, 'passkeys in a browser', () => {
  let frontEnd: Server;
  let api: Api;
  let browser: Browser;
  let page: Page;
  let devtools: CDPSession;
  let user: User;
  let url: string;
  beforeAll(async () => {
    frontEnd = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(PAGE));
    await new Promise<void>((done) => frontEnd.listen(0, '127.0.0.1', done));
    const origin = `http://localhost:${(frontEnd.address() as AddressInfo).port}`;
    [api, browser] = await Promise.all([startApi({ FRONTEND_URL: origin, CORS_ORIGINS: origin }), launchChromium()]);
    url = `http://localhost:${new URL(api.program.url).port}${AUTH}`;
    page = await browser.newPage();
    await page.goto(origin);
    devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR });
    user = await api.signUp();
  });
  afterAll(async () => {
    await browser?.close();
    frontEnd?.close();
    await api?.stop();
  });

  const ask = (asked: Asked): Promise<Answered> => page.evaluate(`ask(${JSON.stringify({ url, ...asked })})`);

  test('one is made', async () => {
    const made = {
      token: user.token,
      ceremony: 'create',
      path: '/passkeys',
      optionsPath: '/passkeys/options',
    } as const;
    const { status, body } = await ask({ ...made, body: { name: 'This browser' } });
    expect({ status, body }).toMatchObject({ status: 201, body: { kind: 'passkey', name: 'This browser' } });
  });

  test('is a second factor after the password', async () => {
    const first = await ask({ path: '/login', body: { username: user.username, password: PASSWORD } });
    expect(first).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
    const body = { given: first.body.challenge };
    const { status } = await ask({ ceremony: 'get', path: '/login/second-factor', body });
    expect(status).toBe(200);
  });

  test('signs in without name and password, and proves later who it is', async () => {
    const signedIn = await ask({ ceremony: 'get', path: '/login/passkey', optionsPath: '/login/passkey/options' });
    expect(signedIn).toMatchObject({ status: 200, body: { token_type: 'bearer' } });
    const token = signedIn.body.access_token as string;
    const proof = { path: '/proof/second-factor', optionsPath: '/proof/passkey/options' };
    expect((await ask({ token, ceremony: 'get', ...proof })).status).toBe(204);
  });

  test('is not made twice on one authenticator', async () => {
    const again = {
      token: user.token,
      ceremony: 'create',
      path: '/passkeys',
      optionsPath: '/passkeys/options',
    } as const;
    await expect(ask({ ...again, body: { name: 'Again' } })).rejects.toThrow(/InvalidStateError|already registered/);
  });
});
