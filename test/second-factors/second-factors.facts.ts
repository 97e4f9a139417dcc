import { randomBytes } from 'node:crypto';
import { PASSWORD, PREFIX } from '../support/api.js';
import type { DomainFacts, Scene } from '../support/route-facts.js';
import { Passkey } from './authenticator.js';
import { codeOf, hashOf } from './factors.js';

// One for all: the text that it signs is always the same, and its counter stays at nought.
const SIGNED = randomBytes(32).toString('base64url');
const PASSKEY = new Passkey();
const CREATED = new Passkey();
const CODE = 'gk3xq2-mfz7ab-wcdehi-jklmno';

const secrets = new Map<number, string>();

const handleOf = (id: number) => Buffer.from(`user ${id}`).toString('base64url');

/** Those of a user, who has a passkey and a recovery code. */
async function addFactors({ api, user }: Scene): Promise<void> {
  await api.database.query(`DELETE FROM second_factor WHERE credential_id = ANY($1)`, [[PASSKEY.id, CREATED.id]]);
  await api.database.query(
    `INSERT INTO second_factor (user_id, kind, name, credential_id, public_key, confirmed_at)
     VALUES ($1, 'passkey', 'Laptop', $2, $3, now())`,
    [user.id, PASSKEY.id, PASSKEY.publicKey],
  );
  await api.database.query(
    `INSERT INTO second_factor_recovery_code (user_id, code_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [user.id, hashOf(CODE.replaceAll('-', ''))],
  );
}

/** One that was given to a client with this cookie or session. */
async function giveChallenge({ api, user }: Scene, purpose: string, client: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const [row] = await api.database.query<{ hashed_password: string }>(
    `SELECT hashed_password FROM "user" WHERE id = $1`,
    [user.id],
  );
  await api.database.query(
    `INSERT INTO second_factor_challenge (purpose, owner, token_hash, client_hash, user_id, password_hash, signed_text, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + '5 minutes')`,
    [purpose, `user:${user.id}`, hashOf(token), hashOf(client), user.id, hashOf(row!.hashed_password), SIGNED],
  );
  return token;
}

function sessionOf({ user }: Scene): string {
  const { sid } = JSON.parse(Buffer.from(user.token.split('.')[1]!, 'base64url').toString()) as { sid: string };
  return `session ${sid}`;
}

/** However many the user has; it does not count. */
async function insertFactor({ api, user }: Scene): Promise<number> {
  const [row] = await api.database.query<{ id: number }>(
    `INSERT INTO second_factor (user_id, kind, name, sealed_secret, sealing_key) VALUES ($1, 'totp', 'Phone', 'none', 'none')
     RETURNING id::int`,
    [user.id],
  );
  return row!.id;
}

async function beginApp({ user }: Scene): Promise<number> {
  const { body } = await user.agent.post(`${PREFIX}/auth/totp`).send({ name: 'Phone' }).expect(201);
  const { id, secret } = body as { id: number; secret: string };
  secrets.set(id, secret);
  return id;
}

const without = (what: string) => `its response has ${what}, which nothing shows again`;

export const facts: DomainFacts = {
  names: /second[_-]?factor|totp|passkey|recovery[_-]?code/i,
  exported: {
    second_factor: {
      list: 'second_factors',
      row: 'factor_id',
      select: `SELECT id, kind, name, confirmed_at, last_used_at, created_at, updated_at FROM second_factor WHERE user_id = $1`,
    },
    second_factor_recovery_code: { none: 'hashes of codes' },
    second_factor_challenge: { none: 'what a sign-in waits for, for five minutes' },
  },
  rows: {
    factor_id: insertFactor,
    app_id: beginApp,
    app_code: async (scene) => codeOf(secrets.get((await scene.value('app_id')) as number)!),
    user_handle: async ({ user }) => handleOf(user.id),
    step_token: (scene) => giveChallenge(scene, 'step', ''),
    passkey_token: (scene) => giveChallenge(scene, 'passkey', ''),
    registration_token: (scene) => giveChallenge(scene, 'registration', sessionOf(scene)),
  },
  adds: {
    'POST /auth/login': 1,
    'POST /auth/proof': 1,
  },
  addsToPasswords: 1,
  routes: {
    'POST /auth/login/second-factor': {
      tells: 1,
      signsIn: true,
      statements: 14,
      as: 'nobody',
      before: addFactors,
      body: { challenge: '{step_token}', recovery_code: CODE },
    },
    'POST /auth/login/passkey/options': { statements: 4, as: 'nobody' },
    'POST /auth/login/passkey': {
      signsIn: true,
      statements: 14,
      as: 'nobody',
      before: addFactors,
      body: {
        challenge: '{passkey_token}',
        passkey: PASSKEY.get({ challenge: SIGNED }, { counter: 0, userHandle: '{user_handle}' }),
      },
    },
    'POST /auth/proof/second-factor': {
      tells: 1,
      statements: 12,
      status: 204,
      before: addFactors,
      refusesOthers: '409 no_second_factor',
      body: { password: PASSWORD, recovery_code: CODE },
    },
    'POST /auth/proof/passkey/options': { statements: 5 },
    'GET /auth/second-factors': { statements: 2, lists: 'factor_id' },
    'GET /auth/second-factors/{factor_id}': { statements: 1 },
    'PATCH /auth/second-factors/{factor_id}': { statements: 1, body: { name: 'Old phone' } },
    'DELETE /auth/second-factors/{factor_id}': { statements: 9, status: 204 },
    'POST /auth/totp': {
      statements: 7,
      status: 201,
      body: { name: 'Phone' },
      withoutIdempotency: without('the secret'),
    },
    'POST /auth/totp/{app_id}/confirm': { statements: 6, tells: 1, body: { code: '{app_code}' } },
    'POST /auth/passkeys/options': { statements: 6 },
    'POST /auth/passkeys': {
      tells: 1,
      statements: 9,
      status: 201,
      before: addFactors,
      refusesOthers: '409 challenge_ended',
      body: { name: 'Laptop', challenge: '{registration_token}', passkey: CREATED.create({ challenge: SIGNED }) },
      withoutIdempotency: 'its challenge is good for once',
    },
    'GET /auth/recovery-codes': { statements: 1 },
    'POST /auth/recovery-codes': { statements: 6, status: 201, withoutIdempotency: without('the codes') },
    'POST /admin/users/{username}/second-factors/reset': { statements: 8, tells: 1, as: 'superuser', status: 204 },
  },
};
