/** What a browser's own prompt opens in staging. */
import { type Api, PASSWORD, PREFIX, startApi, type User } from '../../support/api.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import {
  basic,
  expectChallenge,
  knownAs,
  newSuperuser,
  PASS_COOKIE,
  passOf,
  visit,
} from '../../support/docs-visits.js';
import { until } from '../../support/program.js';
import { expectProblem, send } from '../../support/raw.js';

const HOUR_SECONDS = 60 * 60;

let api: Api;
let root: User;
let user: User;
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED, TRUST_PROXY: '127.0.0.1' });
  root = await api.superuser();
  user = await newSuperuser(api, root);
});
afterAll(() => api.stop());

test.each(['username', 'email'] as const)('the %s and the password give a cookie for an hour', async (field) => {
  const { status, headers } = await visit(api, { authorization: knownAs(user[field]) });
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  const cookies = headers['set-cookie']!.map((cookie) => PASS_COOKIE.exec(cookie)!);
  expect(cookies.map(([, , path]) => path)).toEqual(['/docs', '/redoc', '/openapi.json', '/admin/queues']);
  for (const [, pass, , expires] of cookies) {
    const { exp } = JSON.parse(Buffer.from(pass!.split('.')[1]!, 'base64url').toString()) as { exp: number };
    for (const end of [exp, Date.parse(expires!) / 1000]) {
      expect(Math.abs(end - Date.now() / 1000 - HOUR_SECONDS)).toBeLessThan(30);
    }
  }
});

test.each([
  ['Basic', 'with:colons::'],
  ['basic', 'Grüße an die Königin'],
  ['BASIC ', '🔑🔑🔑🔑🔑🔑🔑🔑'],
])('%s takes the password %s', async (scheme, password) => {
  const { username } = await newSuperuser(api, root, { password });
  const authorization = knownAs(username, password).replace('Basic', scheme);
  expect((await visit(api, { authorization })).status).toBe(200);
});

test('a password of bytes that are not UTF-8 is not that of others', async () => {
  const { username } = await newSuperuser(api, root, { password: '\ufffd'.repeat(8) });
  const authorization = basic(Buffer.concat([Buffer.from(`${username}:`), Buffer.alloc(8, 0xe9)]));
  expectChallenge(await visit(api, { authorization }), 'not_signed_in');
});

test('with the cookie, the name and password that browsers repeat open no further session', async () => {
  const pass = await passOf(api, user);
  const sessions = () => api.database.query('SELECT id FROM auth_session ORDER BY id');
  const before = await sessions();
  const { status, headers } = await visit(api, { pass, authorization: knownAs(user.username) });
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty('set-cookie');
  expect(await sessions()).toEqual(before);
});

test('a wrong password, an unknown user and one who is no superuser get the same refusal', async () => {
  const plain = await api.signUp();
  const answers: object[] = [];
  for (const authorization of [
    knownAs(user.username, 'Wrong-password'),
    knownAs(user.email, 'Wrong-password'),
    knownAs('nobody'),
    knownAs('nobody@example.com'),
    knownAs(plain.username),
    knownAs(plain.email),
  ]) {
    const answer = await visit(api, { authorization, address: '192.0.2.1' });
    expectChallenge(answer, 'wrong_credentials');
    answers.push({ ...(JSON.parse(answer.text) as object), request_id: '' });
  }
  expect(answers).toEqual(answers.map(() => answers[0]));
});

const RIGHT = basic('x:y').slice('Basic '.length);

test.each([
  ['no text', 'Basic'],
  ['an empty text', 'Basic '],
  ['nothing but a colon', basic(':')],
  ['no colon', basic('admin')],
  ['no name', basic(`:${PASSWORD}`)],
  ['no password', basic('admin:')],
  ['what is not Base64', 'Basic !"§$%&/()=?'],
  ['Base64 with a line break in it', `Basic ${RIGHT}\t${RIGHT}`],
  ['two texts', `Basic ${RIGHT} ${RIGHT}`],
  ['two headers in one', `Basic ${RIGHT}, Basic ${RIGHT}`],
  ['a NUL in the name', basic('ad\0min:password')],
  ['a NUL in the password', basic('admin:pass\0word')],
  ['nothing but NULs', basic(Buffer.alloc(64))],
  ['a name of 1 kB', basic(`${'x'.repeat(1024)}:password`)],
  ['a password of 1 kB', basic(`admin:${'x'.repeat(1024)}`)],
  ['8 kB of the alphabet', `Basic ${'A'.repeat(8192)}`],
  ['bytes that are not UTF-8', basic(Buffer.from([0xff, 0xfe, 0x3a, 0xc0, 0x80]))],
  ['another scheme', `Digest ${RIGHT}`],
])('%s is not taken for name and password', async (_, authorization) => {
  expectChallenge(await visit(api, { authorization }), 'not_signed_in');
});

test.each([
  ['a line break', basic('ad\nmin:pass\r\nword')],
  ['SQL', basic(`admin'--:' OR 1=1`)],
])('%s is just wrong', async (_, authorization) => {
  expectChallenge(await visit(api, { authorization, address: '192.0.2.2' }), 'wrong_credentials');
});

test('what is refused is in the audit trail, the right password of one who is no superuser too', async () => {
  const plain = await api.signUp();
  const lines = () => api.program.output().match(/"audit":"sign_in_failed","user_id":\d+/g) ?? [];
  const before = lines().length;
  expectChallenge(await visit(api, { authorization: knownAs(plain.username) }), 'wrong_credentials');
  await until(() => lines().length > before);
  expect(lines().at(-1)).toMatch(new RegExp(`:${plain.id}$`));
});

test('many wrong passwords lock out, from signing in as well, and only where they came from', async () => {
  const { username } = await newSuperuser(api, root);
  const from = (address: string, password: string) =>
    visit(api, { authorization: knownAs(username, password), address });
  for (let i = 0; i < 5; i++) expectChallenge(await from('192.0.2.3', 'Wrong-password'), 'wrong_credentials');
  const longer = `UPDATE auth_failure SET unblocked_at = unblocked_at + interval '1 minute' WHERE unblocked_at > failed_at`;
  await api.database.query(longer);

  const locked = await from('192.0.2.3', PASSWORD);
  const headers = { 'x-forwarded-for': '192.0.2.3' };
  const body = { username, password: PASSWORD };
  const signIn = await send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/login`, body, headers });
  for (const answer of [locked, signIn]) {
    expectProblem(answer, 429, 'too_many_requests');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(30);
    expect(answer.headers).not.toHaveProperty('set-cookie');
  }
  expect((await from('192.0.2.4', PASSWORD)).status).toBe(200);
});
