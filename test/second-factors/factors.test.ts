/** How users come to second factors, get rid of them, and prove by them who they are. */
import { type Api, leave, PASSWORD, PREFIX, refused, useApi, type User } from '../support/api.js';
import { expectProblem, send } from '../support/raw.js';
import { signIn } from '../support/sessions.js';
import { Passkey, strangersKey } from './authenticator.js';
import { addApp, addPasskey, AUTH, Client, codeOf, recoveryCodesOf, earlyInAStep } from './factors.js';

const FACTORS = `${AUTH}/second-factors`;

let api: Api;
let root: User;
let user: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
beforeEach(async () => {
  user = await api.signUp();
});
afterAll(() => api.stop());

const post = (path: string, body?: object) => user.agent.post(`${AUTH}${path}`).send(body);
const client = () => new Client(api);

/** Lets the last proof in every session of the user be more than ten minutes old. */
const age = ({ id }: User) =>
  api.database.query(`UPDATE auth_session SET proved_at = now() - interval '601 seconds' WHERE user_id = $1`, [id]);

async function factors(): Promise<{ id: number; kind: string; name: string; confirmed_at: string | null }[]> {
  return (await user.agent.get(FACTORS).expect(200)).body.data;
}

const isAsked = async ({ username }: User) => (await client().login(username)).status === 401;

describe('an authenticator app', () => {
  test('is begun with a secret, a link and a QR code, and does not count yet', async () => {
    const { body } = await post('/totp', { name: 'Phone' }).expect(201);
    expect(body).toMatchObject({ kind: 'totp', name: 'Phone', confirmed_at: null, last_used_at: null });
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(body.uri);
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/Tests:${user.username}`,
    ]);
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      secret: body.secret,
      issuer: 'Tests',
      digits: '6',
      period: '30',
    });
    expect(body.qr_svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^]*<\/svg>\s*$/);
    expect(await isAsked(user)).toBe(false);
  });

  test('counts once its first code has confirmed it, and that code is used', async () => {
    const { body } = await post('/totp', { name: 'Phone' }).expect(201);
    const code = codeOf(body.secret);
    const { body: confirmed } = await post(`/totp/${body.id}/confirm`, { code }).expect(200);
    expect(confirmed).toMatchObject({ id: body.id, confirmed_at: expect.stringMatching(/Z$/) });
    expect(confirmed).not.toHaveProperty('secret');
    expectProblem(await client().answer(await client().begin(user.username), { code }), 401, 'wrong_second_factor');
    await refused(post(`/totp/${body.id}/confirm`, { code: codeOf(body.secret, 1) }), 409, 'second_factor_confirmed');
  });

  test.each([-2, 2])('is not confirmed by a code %i steps away', async (steps) => {
    const { body } = await post('/totp', { name: 'Phone' }).expect(201);
    await earlyInAStep();
    await refused(post(`/totp/${body.id}/confirm`, { code: codeOf(body.secret, steps) }), 403, 'wrong_second_factor');
    expect(await isAsked(user)).toBe(false);
  });

  test('that was never confirmed makes room for the next one', async () => {
    const { body: first } = await post('/totp', { name: 'First' }).expect(201);
    await post('/totp', { name: 'Second' }).expect(201);
    expect((await factors()).map(({ name }) => name)).toEqual(['Second']);
    await refused(post(`/totp/${first.id}/confirm`, { code: codeOf(first.secret) }), 404, 'second_factor_not_found');
  });

  test('has its secret encrypted, for its owner alone', async () => {
    const { secret, id } = await addApp(user);
    const other = await api.signUp();
    const [row] = await api.database.query<{ sealed: Buffer }>(
      'SELECT sealed_secret AS sealed FROM second_factor WHERE id = $1',
      [id],
    );
    expect(row!.sealed.includes(secret)).toBe(false);
    await api.database.query('UPDATE second_factor SET user_id = $2, last_step = 0 WHERE id = $1', [id, other.id]);
    const answer = await client().answer(await client().begin(other.username), { code: codeOf(secret) });
    expectProblem(answer, 401, 'wrong_second_factor');
  });
});

describe('a passkey', () => {
  const begin = async () => (await post('/passkeys/options').expect(200)).body;
  const add = (challenge: string, passkey: object) => post('/passkeys', { name: 'Laptop', challenge, passkey });

  test('is made for this site, verified and discoverable, and not twice on one device', async () => {
    const first = await addPasskey(user);
    const { options, expires_in } = await begin();
    expect(expires_in).toBe(300);
    expect(options).toMatchObject({
      rp: { id: 'app.example.com', name: 'Tests' },
      user: { name: user.username },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: first.id, type: 'public-key', transports: ['internal'] }],
      attestation: 'none',
    });
    expect(await isAsked(user)).toBe(true);
  });

  test.each<[string, object]>([
    ['of a foreign origin', { origin: 'https://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['of another challenge', { challenge: 'x'.repeat(43) }],
    ['of another type', { type: 'webauthn.get' }],
    ['of a user who was not verified', { isVerified: false }],
  ])('%s is refused, and its challenge is used up', async (_, lies) => {
    const { token, options } = await begin();
    const passkey = new Passkey();
    await refused(add(token, passkey.create(options, lies)), 403, 'passkey_refused');
    await refused(add(token, passkey.create(options)), 409, 'challenge_ended');
    expect(await factors()).toEqual([]);
  });

  test('is added once, of another session or user not at all', async () => {
    const { token, options } = await begin();
    const { access_token } = await signIn(api.program.url, user.username);
    const sent = {
      method: 'POST',
      path: `${AUTH}/passkeys`,
      body: { name: 'Laptop', challenge: token, passkey: new Passkey().create(options) },
    };
    for (const thief of [access_token, (await api.signUp()).token]) {
      expectProblem(await send(api.program.url, { ...sent, token: thief }), 409, 'challenge_ended');
    }
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send(api.program.url, { ...sent, token: user.token })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
  });

  test('belongs to one account', async () => {
    const passkey = await addPasskey(await api.signUp());
    const { token, options } = await begin();
    await refused(add(token, passkey.create(options)), 409, 'passkey_taken');
  });

  test.each([
    ['an empty object', {}],
    ['no attestation', { id: 'x', rawId: 'x', type: 'public-key', response: {} }],
    ['numbers', { id: 1, rawId: 2, type: 3, response: 4 }],
  ])('that is %s is refused', async (_, passkey) => {
    await refused(add((await begin()).token, passkey), 403, 'passkey_refused');
  });
});

test('an account has ten second factors at most', async () => {
  const insert = `INSERT INTO second_factor (user_id, kind, name, credential_id, public_key, confirmed_at)
    SELECT $1, 'passkey', 'Key', gen_random_uuid(), 'none', now() FROM generate_series(1, 9)`;
  await api.database.query(insert, [user.id]);
  await post('/totp', { name: 'Tenth' }).expect(201);
  await post('/totp', { name: 'In its place' }).expect(201);
  const { body } = await post('/passkeys/options').expect(200);
  const eleventh = { name: 'Eleventh', challenge: body.token, passkey: new Passkey().create(body.options) };
  await refused(post('/passkeys', eleventh), 409, 'too_many_second_factors');
});

test('a factor is named, read and removed by its owner alone', async () => {
  const { id } = await addApp(user, 'Phone');
  await user.agent.patch(`${FACTORS}/${id}`).send({ name: 'Old phone' }).expect(200);
  const { body, headers } = await user.agent.get(`${FACTORS}/${id}`).expect(200);
  expect(body).toMatchObject({ id, name: 'Old phone', kind: 'totp' });
  const { agent } = await api.signUp();
  for (const sent of [
    agent.get(`${FACTORS}/${id}`),
    agent.patch(`${FACTORS}/${id}`).send({ name: 'Mine' }),
    agent.delete(`${FACTORS}/${id}`),
  ]) {
    await refused(sent, 404, 'second_factor_not_found');
  }
  await refused(user.agent.delete(`${FACTORS}/${id}`).set('If-Match', '"stale"'), 412, 'stale_entity_tag');
  await user.agent.delete(`${FACTORS}/${id}`).set('If-Match', headers.etag!).expect(204);
});

test('with the last factor the recovery codes go, and the password is enough again', async () => {
  const [app, passkey] = [await addApp(user), await addPasskey(user)];
  const [code] = await recoveryCodesOf(user);
  await user.agent.delete(`${FACTORS}/${app.id}`).expect(204);
  await user.agent.get(`${AUTH}/recovery-codes`).expect(200, { left: 10 });
  expect(await isAsked(user)).toBe(true);
  await user.agent.delete(`${FACTORS}/${passkey.factor_id}`).expect(204);
  await user.agent.get(`${AUTH}/recovery-codes`).expect(200, { left: 0 });
  expect(await isAsked(user)).toBe(false);
  await addApp(user);
  expectProblem(
    await client().answer(await client().begin(user.username), { recovery_code: code }),
    401,
    'wrong_second_factor',
  );
});

test('the last way into an account stays', async () => {
  const { factor_id } = await addPasskey(user);
  const { id } = await addApp(user);
  await api.database.query('UPDATE "user" SET hashed_password = NULL WHERE id = $1', [user.id]);
  await user.agent.delete(`${FACTORS}/${id}`).expect(204);
  await refused(user.agent.delete(`${FACTORS}/${factor_id}`), 409, 'last_way_in');
  expect((await factors()).map((factor) => factor.id)).toEqual([factor_id]);
});

test('recovery codes are ten, all new each time, and stored as hashes', async () => {
  await addApp(user);
  const [first, second] = [await recoveryCodesOf(user), await recoveryCodesOf(user)];
  expect(new Set([...first, ...second]).size).toBe(20);
  for (const code of second) expect(code).toMatch(/^[a-z2-7]{6}(-[a-z2-7]{6}){3}$/);
  const rows = await api.database.query('SELECT * FROM second_factor_recovery_code WHERE user_id = $1', [user.id]);
  expect(rows).toHaveLength(10);
  expect(second.filter((code) => JSON.stringify(rows).includes(code.replaceAll('-', '')))).toEqual([]);
  const begun = await client().begin(user.username);
  expectProblem(await client().answer(begun, { recovery_code: first[0] }), 401, 'wrong_second_factor');
  expect((await client().answer(begun, { recovery_code: second[0] })).status).toBe(200);
  await user.agent.get(`${AUTH}/recovery-codes`).expect(200, { left: 9 });
});

describe('a proof of an account with factors', () => {
  let secret: string;
  let passkey: Passkey;
  let codes: string[];
  let app: number;
  beforeEach(async () => {
    ({ secret, id: app } = await addApp(user));
    passkey = await addPasskey(user);
    codes = await recoveryCodesOf(user);
    await age(user);
  });

  const prove = (body: object) => post('/proof/second-factor', body);
  const remove = () => user.agent.delete(`${FACTORS}/${app}`);
  const begin = async () => (await post('/proof/passkey/options').expect(200)).body;

  test('is needed to remove, add or renew any', async () => {
    for (const sent of [
      remove(),
      post('/totp', { name: 'Mine' }),
      post('/passkeys/options'),
      post('/recovery-codes'),
    ]) {
      await refused(sent, 403, 'fresh_proof_required');
    }
    expect((await factors()).length).toBe(2);
  });

  test('takes more than the password', async () => {
    await refused(post('/proof', { password: PASSWORD }), 403, 'password_not_enough');
    await refused(remove(), 403, 'fresh_proof_required');
    await refused(
      post('/password', { current_password: PASSWORD, new_password: 'Difference-Engine-1822' }),
      403,
      'fresh_proof_required',
    );
    const email = { email: `to-${user.email}`, current_password: PASSWORD };
    await refused(user.agent.patch(`${PREFIX}/users/${user.username}`).send(email), 403, 'fresh_proof_required');
    await refused(leave(user), 403, 'fresh_proof_required');
  });

  test.each<[string, () => Promise<object> | object]>([
    ['password and code', () => ({ password: PASSWORD, code: codeOf(secret) })],
    ['password and recovery code', () => ({ password: PASSWORD, recovery_code: codes[0] })],
    [
      'a passkey',
      async () => {
        const { token, options } = await begin();
        return { challenge: token, passkey: passkey.get(options) };
      },
    ],
  ])('is %s, once', async (_, shown) => {
    const body = await shown();
    await prove(body).expect(204);
    await post('/password', { current_password: PASSWORD, new_password: 'Difference-Engine-1822' }).expect(204);
    await age(user);
    const again = { ...body, ...('password' in body && { password: 'Difference-Engine-1822' }) };
    const answer = await prove(again);
    expect([answer.status, answer.body.code]).toEqual(
      'password' in body ? [403, 'wrong_second_factor'] : [409, 'challenge_ended'],
    );
    await refused(remove(), 403, 'fresh_proof_required');
  });

  test.each<[string, () => Promise<object> | object, number, string]>([
    ['a code without the password', () => ({ code: codeOf(secret) }), 422, 'validation_failed'],
    ['a code with a wrong password', () => ({ password: 'Wrong-1843', code: codeOf(secret) }), 403, 'wrong_password'],
    ['a wrong code', () => ({ password: PASSWORD, code: '000000' }), 403, 'wrong_second_factor'],
    ['nothing', () => ({ password: PASSWORD }), 422, 'validation_failed'],
    [
      'a passkey without a challenge',
      async () => ({ passkey: passkey.get((await begin()).options) }),
      409,
      'challenge_ended',
    ],
    [
      'a passkey of a foreign origin',
      async () => {
        const { token, options } = await begin();
        return { challenge: token, passkey: passkey.get(options, { origin: 'https://evil.example' }) };
      },
      403,
      'wrong_second_factor',
    ],
    [
      'a passkey of another key',
      async () => {
        const { token, options } = await begin();
        return { challenge: token, passkey: passkey.get(options, { key: strangersKey() }) };
      },
      403,
      'wrong_second_factor',
    ],
  ])('is not %s', async (_, shown, status, code) => {
    await refused(prove(await shown()), status, code);
    await refused(remove(), 403, 'fresh_proof_required');
  });

  test('may be wrong five times in a session', async () => {
    for (let n = 0; n < 5; n++)
      await refused(prove({ password: PASSWORD, code: '000000' }), 403, 'wrong_second_factor');
    await refused(prove({ password: PASSWORD, code: codeOf(secret) }), 429, 'too_many_requests');
  });
});

test('without factors there is nothing to prove by', async () => {
  await refused(post('/proof/second-factor', { password: PASSWORD, code: '000000' }), 409, 'no_second_factor');
});

describe('a superuser', () => {
  const reset = (who: User, of = user.username) => who.agent.post(`${PREFIX}/admin/users/${of}/second-factors/reset`);

  test('takes all factors and codes from a user who has lost them', async () => {
    await addApp(user);
    await addPasskey(user);
    await recoveryCodesOf(user);
    await reset(root).expect(204);
    expect(await isAsked(user)).toBe(false);
    expect(await factors()).toEqual([]);
    await user.agent.get(`${AUTH}/recovery-codes`).expect(200, { left: 0 });
  });

  test('is the only one who can, and needs a fresh proof', async () => {
    await addApp(user);
    await refused(reset(user), 403, 'superuser_only');
    await refused(reset(root, 'nobody'), 404, 'user_not_found');
    await age(root);
    await refused(reset(root), 403, 'fresh_proof_required');
    await api.database.query('UPDATE auth_session SET proved_at = now() WHERE user_id = $1', [root.id]);
    expect(await isAsked(user)).toBe(true);
  });
});
