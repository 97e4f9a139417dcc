/** One thing that is written in many ways is one; what can't be told from nothing is refused. */
import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import { type Api, NAME, PASSWORD, PREFIX, refused, useApi } from '../support/api.js';

const USERS = `${PREFIX}/users`;
const NFC = 'Café-crème-1843';
const NFD = NFC.normalize('NFD');

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

let counter = 0;
const account = (fields: object = {}) => {
  const username = `canon${++counter}`;
  return { name: NAME, username, email: `${username}@example.com`, password: PASSWORD, ...fields };
};
const register = (fields: object) => api.http.post(USERS).send(account(fields));
const login = (username: string, password = PASSWORD) =>
  api.http.post(`${PREFIX}/auth/login`).send({ username, password });

const ADDRESSES: [what: string, canonical: string, others: string[]][] = [
  ['cases', 'grace@example.com', ['Grace@Example.COM', 'GRACE@EXAMPLE.COM']],
  ['composed and decomposed letters', 'josé@example.com', ['jose\u0301@example.com', 'JOSE\u0301@example.com']],
  [
    'a host in letters and in punycode',
    'ada@xn--bcher-kva.example',
    ['ada@bücher.example', 'ada@BÜCHER.example', 'ada@bu\u0308cher.example', 'ada@XN--BCHER-KVA.example'],
  ],
  ['full-width letters in the host', 'wide@example.org', ['wide@ｅｘａｍｐｌｅ.org', 'wide@example。org']],
];

test.each(ADDRESSES)('%s make no other address', async (_, canonical, others) => {
  const { body } = await register({ email: others[0] }).expect(201);
  expect(body.email).toBe(canonical);
  const user = await api.signUp();
  for (const email of [canonical, ...others]) {
    await refused(register({ email }), 409, 'email_taken');
    await login(email).expect(200);
  }
  await refused(
    user.agent.patch(`${USERS}/${user.username}`).send({ email: others.at(-1), current_password: PASSWORD }),
    409,
    'email_taken',
  );
});

test.each([
  ['zero-width space', 'a\u200bda@example.com'],
  ['zero-width space in the host', 'ada@exam\u200bple.com'],
  ['soft hyphen in the host', 'ada@exam\u00adple.com'],
  ['zero-width joiner', 'a\u200dda@example.com'],
  ['byte order mark', '\ufeffada@example.com'],
  ['direction override', 'a\u202eda@example.com'],
  ['Hangul filler', 'a\u3164da@example.com'],
  ['variation selector', 'a\ufe0fda@example.com'],
  ['no-break space', 'a\u00a0da@example.com'],
  ['control character', 'a\u0085da@example.com'],
  ['percent sign in the host', 'ada@ex%61mple.com'],
])('an address with a %s is 422', async (_, email) => {
  const { body } = await refused(register({ email }), 422, 'validation_failed');
  expect(body.errors).toEqual([{ field: 'email', message: expect.any(String) }]);
});

test.each([
  ['blanks', '   '],
  ['no-break spaces', '\u00a0\u00a0'],
  ['ideographic spaces', '\u3000\u3000'],
  ['zero-width spaces', '\u200b\u200b\u200b'],
  ['zero-width joiners', '\u200d\u200d'],
  ['soft hyphens', '\u00ad\u00ad'],
  ['byte order marks', '\ufeff\ufeff'],
  ['Hangul fillers', '\u3164\u3164'],
  ['half-width Hangul fillers', '\uffa0\uffa0'],
  ['Hangul leading fillers', '\u115f\u115f'],
  ['empty Braille patterns', '\u2800\u2800'],
  ['combining marks', '\u0301\u0301'],
  ['variation selectors', '\ufe0f\ufe0f'],
  ['tags', '\u{e0041}\u{e0042}'],
  ['characters of nobody', '\u{e000}\u{e001}'],
  ['a letter and a line break', 'Ada\nLovelace'],
  ['a letter and a line separator', 'Ada\u2028Lovelace'],
  ['a letter and a control character', 'Ada\u001bLovelace'],
  ['a letter and a direction override', 'Ada\u202eecalevoL'],
  ['a letter and a direction isolate', 'Ada\u2067Lovelace'],
])('a name of %s is 422', async (_, name) => {
  const user = await api.signUp();
  for (const sent of [register({ name }), user.agent.patch(`${USERS}/${user.username}`).send({ name })]) {
    const { body } = await refused(sent, 422, 'validation_failed');
    expect(body.errors).toEqual([{ field: 'name', message: expect.any(String) }]);
  }
});

test.each(['Ада', '李雷', '김철수', 'عبد\u200cالله', 'क्षत्रिय', '👩\u200d💻 Ada', 'O’Neill-Ross', '42', '™®'])(
  'a name may be %s',
  async (name) => {
    const { body } = await register({ name }).expect(201);
    expect(body.name).toBe(name.normalize('NFC'));
  },
);

test.each([
  ['NFC', 'NFD', NFC, NFD],
  ['NFD', 'NFC', NFD, NFC],
])('a password that was registered in %s is right in %s', async (_a, _b, registered, typed) => {
  const { username } = await api.signUp({ password: registered });
  for (const password of [registered, typed]) await login(username, password).expect(200);
  await refused(login(username, 'Cafe-creme-1843'), 401, 'wrong_credentials');
});

test('a new password may be in either form as well', async () => {
  const user = await api.signUp({ password: NFD });
  const change = { current_password: NFC, new_password: `${NFD}!` };
  await user.agent.post(`${PREFIX}/auth/password`).send(change).expect(204);
  await login(user.username, `${NFC}!`).expect(200);
});

test('characters of a password count in NFC', async () => {
  // Seven characters, and 128.
  await refused(register({ password: 'e\u0301'.repeat(7) }), 422, 'validation_failed');
  const { username } = await api.signUp({ password: 'e\u0301'.repeat(128) });
  await login(username, 'é'.repeat(128)).expect(200);
  await login(username, 'e\u0301'.repeat(128)).expect(200);
});

test('a hash of before passwords were normalised opens for what was typed then', async () => {
  const { id, username } = await api.signUp();
  const digest = createHmac('sha384', 'password').update(NFD).digest('base64');
  await api.database.query('UPDATE "user" SET hashed_password = $2 WHERE id = $1', [id, await bcrypt.hash(digest, 4)]);
  await login(username, NFD).expect(200);
  await refused(login(username, NFC), 401, 'wrong_credentials');
});

test.each(['upper case', 'mixed case'])('a user name in %s signs in as well', async (how) => {
  const { username, email } = await api.signUp();
  const [first, ...rest] = username;
  const shown = how === 'upper case' ? username.toUpperCase() : first!.toUpperCase() + rest.join('');
  await login(shown).expect(200);
  await login(email.toUpperCase()).expect(200);
});
