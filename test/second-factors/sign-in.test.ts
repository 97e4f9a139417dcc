/** Sign-in of accounts with second factors. */
import { type Api, PASSWORD, useApi, type User } from '../support/api.js';
import { expectProblem, type Received } from '../support/raw.js';
import { statusOfMe, tokensOf } from '../support/sessions.js';
import { type Passkey, strangersKey } from './authenticator.js';
import { addApp, addPasskey, AUTH, Client, codeOf, recoveryCodesOf, earlyInAStep } from './factors.js';

let api: Api;
let user: User;
let secret: string;
let passkey: Passkey;
let codes: string[];
let client: Client;
let visits = 0;
beforeAll(async () => {
  api = await useApi();
});
beforeEach(async () => {
  user = await api.signUp();
  ({ secret } = await addApp(user));
  passkey = await addPasskey(user);
  codes = await recoveryCodesOf(user);
  client = new Client(api, `198.51.100.${++visits}`);
});
afterAll(() => api.stop());

type Begun = Awaited<ReturnType<Client['begin']>>;
const signed = ({ challenge }: Begun, lies = {}) => ({ passkey: passkey.get(challenge.passkey_options!, lies) });

/** Lets the account forget which codes it has seen. */
const forgetSteps = () => api.database.query('UPDATE second_factor SET last_step = 0 WHERE user_id = $1', [user.id]);

async function expectSignedIn(answer: Received): Promise<void> {
  expect(await statusOfMe(api.program.url, tokensOf(answer).access_token)).toBe(200);
}

test('the password alone opens nothing, and tells what is left to do', async () => {
  const answer = await client.login(user.username);
  expectProblem(answer, 401, 'second_factor_required');
  const { challenge } = JSON.parse(answer.text) as Begun;
  expect(challenge).toEqual({
    token: expect.stringMatching(/^[\w-]{43}$/),
    kinds: ['totp', 'passkey', 'recovery_code'],
    expires_in: 300,
    passkey_options: expect.objectContaining({
      rpId: 'app.example.com',
      userVerification: 'required',
      allowCredentials: [{ id: passkey.id, type: 'public-key', transports: ['internal'] }],
    }),
  });
  const cookies = answer.headers['set-cookie']!;
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatch(/^challenge=[\w-]{43}; Path=\/api\/v1\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
});

test('a wrong password tells nothing of second factors', async () => {
  const plain = await api.signUp();
  const [one, other] = [
    await client.login(user.username, 'Wrong-1843'),
    await client.login(plain.username, 'Wrong-1843'),
  ];
  const shown = ({ status, text, headers }: Received) => {
    const { request_id: _, ...problem } = JSON.parse(text) as { request_id: string };
    return { status, problem, cookies: headers['set-cookie'] };
  };
  expect(shown(one)).toEqual(shown(other));
  expectProblem(one, 401, 'wrong_credentials');
});

test.each<[string, (begun: Begun) => object]>([
  ['a code', () => ({ code: codeOf(secret) })],
  ['a passkey', (begun) => signed(begun)],
  ['a recovery code', () => ({ recovery_code: codes[0] })],
  [
    'a recovery code without its hyphens, in capitals',
    () => ({ recovery_code: codes[0]!.replaceAll('-', '').toUpperCase() }),
  ],
])('%s opens the session and makes the device known', async (_, shown) => {
  const begun = await client.begin(user.username);
  const answer = await client.answer(begun, shown(begun));
  await expectSignedIn(answer);
  expect(answer.headers['set-cookie']!.map((one) => one.split('=')[0])).toEqual([
    'refresh_token',
    'device',
    'challenge',
  ]);
});

test.each([
  [-2, 401],
  [-1, 200],
  [0, 200],
  [1, 200],
  [2, 401],
])('a code %i steps away: %i', async (steps, status) => {
  await forgetSteps();
  const begun = await client.begin(user.username);
  await earlyInAStep();
  const answer = await client.answer(begun, { code: codeOf(secret, steps) });
  expect(answer.status).toBe(status);
});

test('a code is good for once, and so are those before it', async () => {
  await forgetSteps();
  const code = codeOf(secret);
  await expectSignedIn(await client.answer(await client.begin(user.username), { code }));
  for (const used of [code, codeOf(secret, -1)]) {
    const answer = await client.answer(await client.begin(user.username), { code: used });
    expectProblem(answer, 401, 'wrong_second_factor');
  }
});

const SHOWN: [string, (begun: Begun) => object][] = [
  ['code', () => ({ code: codeOf(secret) })],
  ['recovery code', () => ({ recovery_code: codes[1] })],
  ['passkey', (begun) => signed(begun)],
];

// What a passkey signs is of one challenge.
test.each(SHOWN.slice(0, 2))(
  'of 50 who show the same %s to challenges of their own at once, one gets in',
  async (_, shown) => {
    const begun = await Promise.all(Array.from({ length: 10 }, () => client.begin(user.username)));
    const body = shown(begun[0]!);
    const answers = await Promise.all(Array.from({ length: 50 }, (_none, n) => client.answer(begun[n % 10]!, body)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status !== 200 && status !== 401 && status !== 429)).toEqual([]);
  },
);

test.each(SHOWN)('of 50 who answer the same challenge by the same %s at once, one gets in', async (_, shown) => {
  const begun = await client.begin(user.username);
  const body = shown(begun);
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.answer(begun, body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

const ENDED: [string, (begun: Begun) => Promise<Begun>][] = [
  [
    'that is over',
    async (begun) => {
      await api.database.query(
        `UPDATE second_factor_challenge SET expires_at = now() - interval '1 s' WHERE user_id = $1`,
        [user.id],
      );
      return begun;
    },
  ],
  [
    'that has been answered',
    async (begun) => {
      await expectSignedIn(await client.answer(begun, { recovery_code: codes[9] }));
      return begun;
    },
  ],
  [
    'from before a change of the password',
    async (begun) => {
      const body = { current_password: PASSWORD, new_password: 'Difference-Engine-1822' };
      await user.agent.post(`${AUTH}/password`).send(body).expect(204);
      return begun;
    },
  ],
  ['of another client', async ({ challenge }) => ({ challenge, cookie: (await client.begin(user.username)).cookie })],
  ['without the cookie', async ({ challenge }) => ({ challenge, cookie: 'other=1' })],
  ['with a cookie of nothing', async ({ challenge }) => ({ challenge, cookie: 'challenge=' })],
  [
    'that nobody gave',
    async ({ challenge, cookie }) => ({ challenge: { ...challenge, token: 'x'.repeat(43) }, cookie }),
  ],
  [
    'for a sign-in by passkey',
    async ({ cookie }) => {
      const { text } = await client.post('/login/passkey/options', undefined, { headers: { cookie } });
      return { challenge: JSON.parse(text) as Begun['challenge'], cookie };
    },
  ],
  [
    'of a deleted account',
    async (begun) => {
      await api.database.query('UPDATE "user" SET is_deleted = true WHERE id = $1', [user.id]);
      return begun;
    },
  ],
  [
    'that 20 later ones have pushed out',
    async (begun) => {
      for (let n = 0; n < 20; n++) await client.begin(user.username);
      return begun;
    },
  ],
];

test.each(ENDED)('a challenge %s takes nothing, and uses nothing up', async (_, spoilt) => {
  const begun = await spoilt(await client.begin(user.username));
  for (const shown of [{ code: codeOf(secret) }, { recovery_code: codes[0] }]) {
    expectProblem(await client.answer(begun, shown), 401, 'challenge_ended');
  }
  const left = await api.database.query('SELECT id FROM second_factor_recovery_code WHERE user_id = $1', [user.id]);
  expect(left.length).toBeGreaterThanOrEqual(9);
});

test('the factors of one account do not answer for another', async () => {
  const other = await api.signUp();
  const { secret: otherSecret } = await addApp(other);
  const [otherPasskey, otherCodes] = [await addPasskey(other), await recoveryCodesOf(other)];
  const begun = await client.begin(user.username);
  const shown = [
    { code: codeOf(otherSecret) },
    { recovery_code: otherCodes[0] },
    { passkey: otherPasskey.get(begun.challenge.passkey_options!) },
  ];
  for (const one of shown) expectProblem(await client.answer(begun, one), 401, 'wrong_second_factor');
  await expectSignedIn(await client.answer(begun, { code: codeOf(secret) }));
});

const LIES: [string, (begun: Begun) => object][] = [
  ['of a foreign origin', () => ({ origin: 'https://evil.example' })],
  ['of an origin below the host', () => ({ origin: 'https://evil.app.example.com' })],
  ['of the same host without TLS', () => ({ origin: 'http://app.example.com' })],
  ['for another site', () => ({ rpId: 'evil.example' })],
  ['of another challenge', () => ({ challenge: 'x'.repeat(43) })],
  ['of another type', () => ({ type: 'webauthn.create' })],
  ['of a user who was not verified', () => ({ isVerified: false })],
  ['of another key', () => ({ key: strangersKey() })],
  ['whose counter stands still', () => ({ counter: 5 })],
  ['whose counter goes back', () => ({ counter: 4 })],
];

test.each(LIES)('an assertion %s is refused', async (_, lies) => {
  await api.database.query('UPDATE second_factor SET counter = 5 WHERE credential_id = $1', [passkey.id]);
  const begun = await client.begin(user.username);
  expectProblem(await client.answer(begun, signed(begun, lies(begun))), 401, 'wrong_second_factor');
  await expectSignedIn(await client.answer(begun, signed(begun, { counter: 6 })));
});

test.each([
  ['nothing', {}],
  ['two', { code: '123456', recovery_code: 'gk3xq2-mfz7ab-wcdehi-jklmno' }],
  ['five digits', { code: '12345' }],
  ['letters', { code: 'abcdef' }],
  ['a number', { code: 123456 }],
  ['null', { code: null }],
  ['a short recovery code', { recovery_code: 'gk3xq2' }],
  ['a text for a passkey', { passkey: 'key' }],
  ['an unknown field', { code: '123456', remember_me: true }],
])('%s is 422', async (_, shown) => {
  expectProblem(await client.answer(await client.begin(user.username), shown), 422, 'validation_failed');
});

test.each([
  ['an empty object', {}],
  ['no response', { id: 'x', rawId: 'x', type: 'public-key' }],
  [
    'texts that are no base64',
    {
      id: '%',
      rawId: '%',
      type: 'public-key',
      response: { clientDataJSON: '%', authenticatorData: '%', signature: '%' },
    },
  ],
  ['numbers', { id: 1, rawId: 2, type: 3, response: 4 }],
])('a passkey that is %s is a wrong one', async (_, shown) => {
  const begun = await client.begin(user.username);
  expectProblem(await client.answer(begun, { passkey: shown }), 401, 'wrong_second_factor');
  expectProblem(await client.answer(begun, { passkey: { ...shown, id: passkey.id } }), 401, 'wrong_second_factor');
});

test('from the fifth wrong factor on the right one has to wait, wherever it comes from, but not on a known device', async () => {
  const begun = await client.begin(user.username);
  const known = await client.answer(begun, { recovery_code: codes[2] });
  const device = known.headers['set-cookie']!.find((one) => one.startsWith('device='))!.split(';')[0]!;
  for (let n = 0; n < 5; n++) {
    const elsewhere = new Client(api, `192.0.2.${n + 1}`);
    const answer = await elsewhere.answer(await elsewhere.begin(user.username), { code: '000000' });
    expectProblem(answer, 401, 'wrong_second_factor');
  }
  const another = new Client(api, '192.0.2.99');
  const refusal = await another.answer(await another.begin(user.username), { code: codeOf(secret) });
  expectProblem(refusal, 429, 'too_many_requests');
  const { challenge, cookie } = await client.begin(user.username);
  await expectSignedIn(await client.answer({ challenge, cookie: `${cookie}; ${device}` }, { code: codeOf(secret) }));
});

test('50 wrong codes at once are counted one by one', async () => {
  const begun = await client.begin(user.username);
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.answer(begun, { code: '000000' })));
  const statuses = answers.map(({ status }) => status);
  // A machine that is slow may let the first delays pass: one more in a second, another one in two more.
  expect(statuses.filter((status) => status === 401).length).toBeLessThan(10);
  expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
});

test('wrong factors delay no password, and a right password forgets no wrong factors', async () => {
  const begun = await client.begin(user.username);
  for (let n = 0; n < 5; n++) await client.answer(begun, { code: '000000' });
  expectProblem(await client.login(user.username), 401, 'second_factor_required');
  expectProblem(await client.answer(begun, { code: codeOf(secret) }), 429, 'too_many_requests');
});

describe('a passkey alone', () => {
  interface Asked {
    token: string;
    options: { challenge: string; rpId: string };
    cookie: string;
  }
  const ask = async (): Promise<Asked> => {
    const { text, headers } = await client.post('/login/passkey/options');
    return { ...(JSON.parse(text) as Asked), cookie: headers['set-cookie']![0]!.split(';')[0]! };
  };
  const show = ({ token, cookie }: Asked, shown: object) =>
    client.post('/login/passkey', { challenge: token, passkey: shown }, { headers: { cookie } });

  test('signs in, without name and password, whichever it is', async () => {
    const asked = await ask();
    expect(asked).toMatchObject({
      expires_in: 300,
      options: { rpId: 'app.example.com', userVerification: 'required' },
    });
    expect(asked.options).not.toHaveProperty('allowCredentials');
    await expectSignedIn(await show(asked, passkey.get(asked.options)));
  });

  test('is asked for once', async () => {
    const asked = await ask();
    const shown = passkey.get(asked.options);
    const answers = await Promise.all(Array.from({ length: 50 }, () => show(asked, shown)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectProblem(answer, 401, 'challenge_ended');
  });

  test.each(LIES)('%s is refused', async (_, lies) => {
    await api.database.query('UPDATE second_factor SET counter = 5 WHERE credential_id = $1', [passkey.id]);
    const asked = await ask();
    const shown = passkey.get(asked.options, { counter: 6, ...lies({} as Begun) });
    expectProblem(await show(asked, shown), 401, 'wrong_second_factor');
    expectProblem(await show(asked, passkey.get(asked.options, { counter: 7 })), 401, 'challenge_ended');
  });

  test('of another user’s handle, of nobody, and of another client is refused', async () => {
    const other = Buffer.from(`user ${user.id + 1}`).toString('base64url');
    let asked = await ask();
    expectProblem(await show(asked, passkey.get(asked.options, { userHandle: other })), 401, 'wrong_second_factor');
    asked = await ask();
    expectProblem(await show(asked, { ...passkey.get(asked.options), id: 'nobody' }), 401, 'wrong_second_factor');
    asked = await ask();
    const { cookie } = await ask();
    expectProblem(await show({ ...asked, cookie }, passkey.get(asked.options)), 401, 'challenge_ended');
  });

  test('is no more once it has been removed', async () => {
    const { body } = await user.agent.get(`${AUTH}/second-factors`).expect(200);
    for (const { id, kind } of body.data) {
      if (kind === 'passkey') await user.agent.delete(`${AUTH}/second-factors/${id}`).expect(204);
    }
    const asked = await ask();
    expectProblem(await show(asked, passkey.get(asked.options)), 401, 'wrong_second_factor');
  });
});

test('pages of foreign origins can neither begin nor answer', async () => {
  const headers = { origin: 'https://evil.example' };
  for (const path of ['/login/passkey/options', '/login/passkey', '/login/second-factor']) {
    expectProblem(await client.post(path, {}, { headers }), 403, 'foreign_origin');
  }
});
