/** What browsers are told outside local, and how many accounts one address may bring. */
import { type Api, PREFIX, refused, startApi } from '../../support/api.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { linesWith } from '../../support/program.js';
import { type Received, send } from '../../support/raw.js';
import { Browser, outcomeOf } from '../../social-sign-in/browser.js';
import { CLIENT, type Issuer, startIssuer } from '../../social-sign-in/issuer.js';
import { stranger } from '../../social-sign-in/scene.js';

const HOST = { 'x-forwarded-host': 'api.example.com', 'x-forwarded-for': '203.0.113.5' };
const STATE_COOKIE = /^__Host-social_sign_in=[\w-]{43}; .*/;

describe('outside local', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED, TRUST_PROXY: '127.0.0.1', PUBLIC_PATH: '/backend' });
  });
  afterAll(() => api.stop());

  const begin = (headers: Record<string, string> = HOST): Promise<Received> =>
    send(api.program.url, { path: `${PREFIX}/auth/oidc/github`, headers });

  test('the cookie is one of this host, over HTTPS, out of reach for scripts', async () => {
    const { headers } = await begin();
    const cookie = headers['set-cookie']![0]!;
    expect(cookie).toMatch(STATE_COOKIE);
    const flags = cookie
      .split('; ')
      .slice(1)
      .filter((flag) => !flag.startsWith('Expires='));
    expect(flags.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  test('the way back is over HTTPS, by the host that the browser knows, below the public path', async () => {
    for (const proto of ['http', 'https']) {
      const { headers } = await begin({ ...HOST, 'x-forwarded-proto': proto });
      const to = new URL(headers.location!);
      expect(to.origin).toBe('https://github.com');
      const back = `https://api.example.com/backend${PREFIX}/auth/oidc/github/callback`;
      expect(to.searchParams.get('redirect_uri')).toBe(back);
    }
  });

  test('what comes back is not kept by anyone on the way', async () => {
    const answer = await begin();
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  test('no line of the log has a code or a state', async () => {
    const path = `${PREFIX}/auth/oidc/github/callback?code=canary&state=canary`;
    await refused(api.http.get(path), 403, 'unknown_attempt');
    expect(linesWith(api.program, 'canary')).toEqual([]);
  });
});

describe('accounts of one address', () => {
  let api: Api;
  let issuer: Issuer;
  beforeAll(async () => {
    issuer = await startIssuer();
    api = await startApi({
      OIDC_ACME_ISSUER: issuer.url,
      OIDC_ACME_CLIENT_ID: CLIENT.id,
      OIDC_ACME_CLIENT_SECRET: CLIENT.secret,
      REGISTRATIONS_PER_ADDRESS: '2',
    });
  });
  afterAll(async () => {
    await api.stop();
    await issuer.stop();
  });

  async function visit(claims: object) {
    const browser = new Browser(api.program.url);
    const asked = await browser.leave('acme');
    const code = issuer.grant({ asked, claims: { ...claims } });
    return outcomeOf(await browser.comeBack('acme', { state: asked.state, code })).error;
  }

  test('are bounded, as are looks at whether an address has one; sign-ins are not', async () => {
    const known = stranger();
    expect(await visit(known)).toBeUndefined();
    expect(await visit(stranger({ email: known.email, email_verified: false }))).toBe('account_exists');
    expect(await visit(stranger())).toBe('too_many_registrations');
    expect(await visit(stranger({ email: known.email }))).toBe('too_many_registrations');
    expect(await visit(known)).toBeUndefined();
  });
});
