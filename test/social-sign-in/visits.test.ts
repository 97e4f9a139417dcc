import { leave, PASSWORD, PREFIX, refused } from '../support/api.js';
import { linesWith, until } from '../support/program.js';
import { send } from '../support/raw.js';
import { Browser, outcomeOf } from './browser.js';
import type { Grant } from './issuer.js';
import { HOME, OTHER_ORIGIN, type Scene, startScene, stranger } from './scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());

const DONE = { page: HOME };
const failed = (error: string) => ({ page: HOME, error });
const UNKNOWN = { status: 403, error: 'unknown_attempt' };

describe('somebody new', () => {
  test('gets an account without a password, and is signed in', async () => {
    const claims = stranger({ name: 'Ada Lovelace', preferred_username: 'Ada.Lovelace' });
    const { browser, outcome } = await scene.visit({ claims });
    expect(outcome).toEqual(DONE);
    expect(await browser.me()).toMatchObject({
      name: 'Ada Lovelace',
      username: 'adalovelace',
      email: claims.email,
      email_verified_at: expect.any(String),
      is_superuser: false,
    });
    const login = { username: 'adalovelace', password: PASSWORD };
    await refused(scene.api.http.post(`${PREFIX}/auth/login`).send(login), 401, 'wrong_credentials');
  });

  test('is the same person the next time, by the subject alone', async () => {
    const claims = stranger({ preferred_username: 'grace' });
    const first = await (await scene.visit({ claims })).browser.me();
    const { browser } = await scene.visit({ claims: { sub: claims.sub, email: 'changed@example.com', name: 'Eve' } });
    expect(await browser.me()).toEqual(first);
  });

  test('is someone else where another issuer says the same subject', async () => {
    const claims = stranger();
    const first = await (await scene.visit({ claims })).browser.me();
    const iss = `${scene.issuer.url}/other`;
    const { browser } = await scene.visit({ claims: { ...stranger(), sub: claims.sub, iss } }, { provider: 'other' });
    expect((await browser.me()).id).not.toBe(first.id);
  });

  test('is asked for at the issuer with PKCE, state and nonce, and the tokens of the issuer are not kept', async () => {
    const asked = await scene.browser().leave('acme');
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'client',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      redirect_uri: `${scene.api.program.url}${PREFIX}/auth/oidc/acme/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge'] as const) expect(asked[name]).toMatch(/^[\w-]{43}$/);
    await scene.visit({ claims: stranger() });
    const rows = await scene.api.database.query<{ rows: string }>(
      `SELECT (SELECT string_agg(l::text, '') FROM social_link l) || (SELECT string_agg(s::text, '') FROM auth_session s) AS rows`,
    );
    expect(rows[0]!.rows).not.toContain('canary');
    expect(scene.api.program.output()).not.toContain('canary');
  });

  test('is asked for by a form of their own where the issuer gives no address that an account can have', async () => {
    for (const email of [undefined, '', 'nobody', 'a b@example.com', 7, `${'x'.repeat(255)}@example.com`]) {
      const { outcome } = await scene.visit({ claims: stranger({ email }) });
      expect({ email, outcome }).toEqual({ email, outcome: failed('email_needed') });
    }
  });

  test('may have an address that only the access token shows', async () => {
    const { sub, email } = stranger();
    const { browser } = await scene.visit({ claims: { sub }, userinfo: { email, email_verified: true } });
    expect(await browser.me()).toMatchObject({ email, email_verified_at: expect.any(String) });
  });

  test.each([
    ['Zoë van Dam', { name: 'Zoë van Dam' }, /^zoevandam$/],
    ['one that is taken', { name: 'Somebody', preferred_username: 'adalovelace' }, /^adalovelace\d{4}$/],
    ['one of a path', { preferred_username: 'admin' }, /^admin\d{4}$/],
    ['an address, which is not public', { preferred_username: 'eve@example.com' }, /^user\d*$/],
    ['nothing', {}, /^user\d*$/],
    ['nothing of ours', { name: '伊藤' }, /^user\d*$/],
    ['one that is long', { preferred_username: 'x'.repeat(99) }, /^x{20}$/],
    ['what misleads', { name: 'a\u202eb\n' }, /^user\d*$/],
    ['lists', { name: ['a'], preferred_username: { b: 1 } }, /^user\d*$/],
  ])('with %s for a name gets a user name', async (_, claims, username) => {
    const { browser } = await scene.visit({ claims: stranger(claims) });
    expect((await browser.me()).username).toMatch(username);
  });
});

describe('an account with the same address', () => {
  const VERIFY = 'UPDATE "user" SET email_verified_at = now() WHERE id = $1';

  test.each([
    [true, true, DONE],
    [true, 'true', DONE],
    [true, false, failed('account_exists')],
    [true, 'false', failed('account_exists')],
    [true, undefined, failed('account_exists')],
    [true, 1, failed('account_exists')],
    [false, true, failed('account_exists')],
    [false, false, failed('account_exists')],
  ])('verified here: %j, by the issuer: %j', async (isVerified, email_verified, expected) => {
    const user = await scene.api.signUp();
    if (isVerified) await scene.api.database.query(VERIFY, [user.id]);
    const claims = stranger({ email: user.email.toUpperCase(), email_verified });
    const { browser, outcome } = await scene.visit({ claims });
    expect(outcome).toEqual(expected);
    if (expected === DONE) expect((await browser.me()).id).toBe(user.id);
    else expect(await browser.ask('POST', '/auth/refresh')).toMatchObject({ status: 401 });
    const links = await scene.api.database.query('SELECT FROM social_link WHERE user_id = $1', [user.id]);
    expect(links).toHaveLength(expected === DONE ? 1 : 0);
  });

  test('that is deleted stays closed', async () => {
    const user = await scene.api.signUp();
    await scene.api.database.query(VERIFY, [user.id]);
    const claims = stranger({ email: user.email });
    expect((await scene.visit({ claims })).outcome).toEqual(DONE);
    await leave(user).expect(204);
    expect((await scene.visit({ claims })).outcome).toEqual(failed('sign_in_refused'));
    expect((await scene.visit({ claims: { ...claims, sub: 'another' } })).outcome).toEqual(failed('account_exists'));
  });
});

describe('an answer of the issuer is refused', () => {
  const now = Math.floor(Date.now() / 1000);

  test.each<[string, Partial<Grant>]>([
    ['with another nonce', { claims: { nonce: 'x'.repeat(43) } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['of another issuer', { claims: { iss: 'https://accounts.example.com' } }],
    ['for another audience', { claims: { aud: 'another' } }],
    ['for several, but authorised for another', { claims: { aud: ['client', 'another'], azp: 'another' } }],
    ['that has expired', { claims: { exp: now - 60 } }],
    ['that is not valid yet', { claims: { nbf: now + 600 } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['with a subject that is too long', { claims: { sub: 'x'.repeat(256) } }],
    ['with a subject that nothing can store', { claims: { sub: 'a\0b' } }],
    ['that nobody has signed', { header: { alg: 'none' }, signedBy: 'nobody' }],
    ['whose signature is missing', { signedBy: 'nobody' }],
    ['that another key has signed', { signedBy: 'another' }],
    ['with the name of another key', { header: { kid: 'key-2' } }],
    ['with another algorithm', { header: { alg: 'HS256' } }],
    ['with headers that must be understood', { header: { crit: ['exp'] } }],
    ['in place of tokens', { instead: 'refusal' }],
  ])('%s', async (_, grant) => {
    const { browser, outcome } = await scene.visit({ ...grant, claims: { ...stranger(), ...grant.claims } });
    expect(outcome).toEqual(failed('sign_in_refused'));
    expect(browser.cookies.has('refresh_token')).toBe(false);
  });

  test('for a verifier of another attempt', async () => {
    const browser = scene.browser();
    const [asked, other] = [await browser.leave('acme'), await browser.leave('acme')];
    const code = scene.issuer.grant({ asked: { ...asked, code_challenge: other.code_challenge }, claims: stranger() });
    expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual(failed('sign_in_refused'));
  });

  test('for a code that somebody else was given', async () => {
    const victim = scene.issuer.grant({ asked: await scene.browser().leave('acme'), claims: stranger() });
    const thief = scene.browser();
    const { state } = await thief.leave('acme');
    expect(outcomeOf(await thief.comeBack('acme', { state, code: victim }))).toEqual(failed('sign_in_refused'));
  });

  test.each([
    [{ error: 'access_denied' }, 'sign_in_cancelled'],
    [{ error: 'temporarily_unavailable' }, 'issuer_unavailable'],
    [{ error: 'server_error' }, 'issuer_unavailable'],
    [{ error: 'invalid_scope', error_description: '<script>' }, 'sign_in_refused'],
    [{}, 'sign_in_refused'],
    [{ code: '' }, 'sign_in_refused'],
    [{ code: 'a\0b' }, 'sign_in_refused'],
    [{ code: 'x', iss: 'https://accounts.example.com' }, 'sign_in_refused'],
    [{ code: 'x', response: 'eyJ' }, 'sign_in_refused'],
  ])('%j', async (query, error) => {
    const browser = scene.browser();
    const { state } = await browser.leave('acme');
    expect(outcomeOf(await browser.comeBack('acme', { state, ...query }))).toEqual(failed(error));
  });

  test('and the audit trail tells why', async () => {
    const browser = scene.browser({ 'x-forwarded-for': '203.0.113.77' });
    await scene.visit({ claims: { aud: 'another' } }, { browser });
    const lines = () => linesWith(scene.api.program, '203.0.113.77').filter((line) => line.includes('"audit"'));
    await until(() => lines().length > 0);
    expect(JSON.parse(lines()[0]!)).toMatchObject({
      audit: 'social_sign_in_failed',
      provider: 'acme',
      code: 'sign_in_refused',
      reason: expect.stringMatching(/CLAIM/),
    });
  });
});

describe('a state', () => {
  async function begun() {
    const browser = scene.browser();
    const asked = await browser.leave('acme');
    return { browser, asked, code: scene.issuer.grant({ asked, claims: stranger() }) };
  }

  test('is good once', async () => {
    const { browser, asked, code } = await begun();
    expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual(DONE);
    expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual(UNKNOWN);
  });

  test('is good once of 50 at the same time', async () => {
    const { browser, asked, code } = await begun();
    const path = `${PREFIX}/auth/oidc/acme/callback?${new URLSearchParams({ state: asked.state, code }).toString()}`;
    const headers = { cookie: `social_sign_in=${browser.cookies.get('social_sign_in')}` };
    const all = Array.from({ length: 50 }, () => send(scene.api.program.url, { path, headers }));
    const outcomes = (await Promise.all(all)).map(outcomeOf);
    expect(outcomes.filter(({ page }) => page !== undefined)).toEqual([DONE]);
    expect(outcomes.filter(({ status }) => status === 403)).toHaveLength(49);
  });

  test('is good in the browser that it was given to, and stays so there', async () => {
    const { browser, asked, code } = await begun();
    for (const other of [scene.browser(), (await begun()).browser]) {
      expect(outcomeOf(await other.comeBack('acme', { state: asked.state, code }))).toEqual(UNKNOWN);
    }
    expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual(DONE);
  });

  test('is good for its provider', async () => {
    const { browser, asked, code } = await begun();
    expect(outcomeOf(await browser.comeBack('other', { state: asked.state, code }))).toEqual(UNKNOWN);
  });

  test('is good for ten minutes', async () => {
    const { browser, asked, code } = await begun();
    await scene.api.database.query(`UPDATE social_attempt SET created_at = now() - interval '601 seconds'`);
    expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual(UNKNOWN);
  });

  test('is good in another tab too', async () => {
    const browser = scene.browser();
    const [first, second] = [await browser.leave('acme'), await browser.leave('acme')];
    for (const asked of [first, second]) {
      const code = scene.issuer.grant({ asked, claims: stranger() });
      expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual(DONE);
    }
  });

  test.each(['', 'x', 'x'.repeat(43), 'x'.repeat(5_000), '\0', "'; DROP TABLE x"])('%j is none', async (state) => {
    const { browser, code } = await begun();
    expect(outcomeOf(await browser.comeBack('acme', { state, code }))).toEqual(UNKNOWN);
  });

  test('that is left out, or sent twice, or comes with a cookie that is none, is none', async () => {
    const { browser, asked, code } = await begun();
    expect(outcomeOf(await browser.comeBack('acme', { code }))).toEqual(UNKNOWN);
    for (const cookie of ['', 'x', 'x'.repeat(43)]) {
      const forged = new Browser(scene.api.program.url, { cookie: `social_sign_in=${cookie}` });
      expect(outcomeOf(await forged.comeBack('acme', { state: asked.state, code }))).toEqual(UNKNOWN);
    }
    const twice = `/auth/oidc/acme/callback?state=${asked.state}&state=${asked.state}&code=${code}`;
    expect(outcomeOf(await browser.ask('GET', twice))).toEqual(failed('sign_in_refused'));
  });
});

describe('the way back', () => {
  test.each([
    [undefined, HOME],
    ['/welcome?from=acme#top', `${HOME}welcome?from=acme#top`],
    [`${HOME}welcome`, `${HOME}welcome`],
    [`${OTHER_ORIGIN}/a/../b`, `${OTHER_ORIGIN}/b`],
    ['https://APP.example.com:443', HOME],
    // What browsers make of these stays here too.
    ['/..//evil.example', `${HOME}/evil.example`],
    ['https:evil.example', `${HOME}evil.example`],
    ['https:/evil.example', `${HOME}evil.example`],
    ['https://app.example.com\\@evil.example', `${HOME}@evil.example`],
  ])('may be %s', async (redirect_to, page) => {
    const browser = scene.browser();
    const asked = await browser.leave('acme', redirect_to);
    const code = scene.issuer.grant({ asked, claims: stranger() });
    expect(outcomeOf(await browser.comeBack('acme', { state: asked.state, code }))).toEqual({ page });
  });

  test.each([
    '//evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '\t//evil.example',
    '/\t/evil.example',
    ' https://evil.example',
    'https://evil.example',
    'https://app.example.com@evil.example',
    'https://user@app.example.com/',
    'https://user:secret@app.example.com/',
    'https://app.example.com.evil.example/',
    'https://app.example.com:8443/',
    'https://app.example.com%2eevil.example/',
    'https://app.example.com%00.evil.example/',
    'http://app.example.com/',
    'https://example.com/',
    'https://www.app.example.com/',
    'https://аpp.example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://app.example.com/',
    'https://',
    `/${'x'.repeat(2_048)}`,
    '',
  ])('never is %j', async (redirect_to) => {
    const query = new URLSearchParams({ redirect_to });
    const answer = await scene.browser().ask('GET', `/auth/oidc/acme?${query.toString()}`);
    expect(outcomeOf(answer)).toEqual({ status: 422, error: 'validation_failed' });
    expect(answer.headers).not.toHaveProperty('location');
  });

  test('is no list, and comes with nothing else', async () => {
    for (const query of ['redirect_to=/a&redirect_to=/b', 'redirect_to[]=/a', 'next=/a']) {
      const answer = await scene.browser().ask('GET', `/auth/oidc/acme?${query}`);
      expect(outcomeOf(answer)).toEqual({ status: 422, error: 'validation_failed' });
    }
  });
});

describe('an issuer', () => {
  test.each(['away', 'silent', 'huge', 'garbage', 'broken', 'impostor'])('that is %s is unavailable', async (name) => {
    const browser = scene.browser();
    const answer = await browser.ask('GET', `/auth/oidc/${name}`);
    expect(outcomeOf(answer)).toEqual({ status: 503, error: 'issuer_unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
    expect(browser.cookies.size).toBe(0);
  });

  test('that is away is left alone for a while', async () => {
    const path = '/broken/.well-known/openid-configuration';
    await scene.browser().ask('GET', '/auth/oidc/broken');
    const before = scene.issuer.countOf(path);
    for (let n = 0; n < 5; n++) await scene.browser().ask('GET', '/auth/oidc/broken');
    expect(scene.issuer.countOf(path) - before).toBeLessThanOrEqual(1);
  });

  test('that answers is asked what it is once', async () => {
    const counts = () => ['/.well-known/openid-configuration', '/jwks'].map((path) => scene.issuer.countOf(path));
    await scene.visit({ claims: stranger() });
    const before = counts();
    for (let n = 0; n < 3; n++) await scene.visit({ claims: stranger() });
    expect(counts()).toEqual(before);
  });

  test.each(['error', 'silence', 'flood'] as const)('whose answer is %s is unavailable then', async (instead) => {
    expect((await scene.visit({ instead })).outcome).toEqual(failed('issuer_unavailable'));
  });

  test('whose answer is no JSON is refused', async () => {
    expect((await scene.visit({ instead: 'garbage' })).outcome).toEqual(failed('sign_in_refused'));
  });

  test.each(['nobody', 'ACME', '__proto__', 'constructor', '%00', '..%2fme', 'x'.repeat(99)])(
    'by the name of %s there is none',
    async (name) => {
      for (const path of [`/auth/oidc/${name}`, `/auth/oidc/${name}/callback?state=x`]) {
        const answer = await scene.browser().ask('GET', path);
        expect(outcomeOf(answer)).toEqual({ status: 404, error: 'provider_not_found' });
      }
    },
  );

  test('has its name in the list', async () => {
    const { body } = await scene.api.http.get(`${PREFIX}/auth/oidc`).expect(200);
    expect(body.providers).toEqual(expect.arrayContaining(['acme', 'github', 'other']));
  });
});

describe('GitHub', () => {
  const github = (user: object, emails: object[]) => ({ github: { user: { ...user }, emails: emails as never } });
  const EMAIL = { email: 'octo@example.com', primary: true, verified: true };

  test('signs in by what its API says', async () => {
    const emails = [{ ...EMAIL, email: 'second@example.com', primary: false }, EMAIL];
    const grant = github({ id: 1, login: 'Octo-Cat', name: null }, emails);
    const { browser, outcome } = await scene.visit(grant, { provider: 'github' });
    expect(outcome).toEqual(DONE);
    const me = await browser.me();
    expect(me).toMatchObject({ username: 'octocat', name: 'Octo-Cat', email: EMAIL.email });
    expect(me.email_verified_at).not.toBeNull();
    const renamed = github({ id: 1, login: 'renamed' }, []);
    expect((await (await scene.visit(renamed, { provider: 'github' })).browser.me()).id).toBe(me.id);
  });

  test.each([
    ['who has no address', { id: 3, login: 'three' }, [], 'email_needed'],
    ['who is nobody', { login: 'four' }, [EMAIL], 'sign_in_refused'],
    ['whose id is a text', { id: '1', login: 'five' }, [EMAIL], 'sign_in_refused'],
  ])('does not sign in somebody %s', async (_, user, emails, error) => {
    expect((await scene.visit(github(user, emails), { provider: 'github' })).outcome).toEqual(failed(error));
  });

  test('does not sign in where its API refuses', async () => {
    expect((await scene.visit({}, { provider: 'github' })).outcome).toEqual(failed('sign_in_refused'));
  });
});
