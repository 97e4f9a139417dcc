/** When keys were used, when they are purged, and that nobody reads them in the log. */
import { checked, createKey, KEYS, partsOf } from '../../api-keys/keys.js';
import { type Api, PREFIX, startApi } from '../../support/api.js';
import { atOnce } from '../../support/attempts.js';
import { startLab } from '../../support/lab.js';
import { linesWith, start, until } from '../../support/program.js';
import { type Received, send } from '../../support/raw.js';
import { trailOf } from '../../support/trail.js';
import { runNow } from '../../tasks/clean-ups.js';

/** All that the log has of a request. */
async function linesOf({ program }: Api, { headers }: Received): Promise<string[]> {
  const id = headers['x-request-id'] as string;
  await until(() => linesWith(program, id).some((line) => line.includes('"msg":"request"')));
  return linesWith(program, id);
}

const COUNT_WRITES = `
  CREATE TABLE written (id bigint);
  CREATE FUNCTION count_write() RETURNS trigger AS 'BEGIN INSERT INTO written VALUES (new.id); RETURN NULL; END' LANGUAGE plpgsql;
  CREATE TRIGGER count_write AFTER UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION count_write()`;
const ME = `${PREFIX}/users/me`;

test('a process that stops writes down when keys were used, each once, however often that was', async () => {
  const api = await startApi();
  const other = await start('main', api.env);
  const owner = await api.signUp();
  const [used, idle] = [await createKey(owner), await createKey(owner)];
  await api.database.query(COUNT_WRITES);
  await atOnce(50, () => send(other.url, { path: ME, token: used.key }));
  await other.stop();
  const { body } = await owner.agent.get(KEYS).expect(200);
  const [at, never] = [used, idle].map(({ id }) => body.data.find((one: { id: number }) => one.id === id).last_used_at);
  expect(never).toBeNull();
  expect(at).toMatch(/:00\.000Z$/);
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(180_000);
  expect(await api.database.query('SELECT id::int FROM written')).toEqual([{ id: used.id }]);
  await api.stop();
});

test('keys are purged 30 days after they were revoked or have expired', async () => {
  const lab = await startLab();
  const { id } = lab.user;
  await lab.api.database.query(
    `INSERT INTO api_key (name, secret_hash, created_by_user_id, is_deleted, deleted_at, expires_at) VALUES
       ('revoked', '', $1, true, now() - interval '31 days', NULL), ('expired', '', $1, false, NULL, now() - interval '31 days'),
       ('both', '', $1, true, now() - interval '31 days', now() + interval '1 year'),
       ('just revoked', '', $1, true, now() - interval '29 days', NULL), ('just expired', '', $1, false, NULL, now()),
       ('good', '', $1, false, NULL, NULL), ('lasting', '', $1, false, NULL, now() + interval '1 year')`,
    [id],
  );
  await lab.startWorker();
  expect(await runNow(lab, 'expired_api_keys')).toEqual({ deleted: 3 });
  const rows = await lab.api.database.query('SELECT name FROM api_key ORDER BY id');
  expect(rows).toEqual(['just revoked', 'just expired', 'good', 'lasting'].map((name) => ({ name })));
  await lab.stop();
});

test('a key is never logged, wherever it is sent, and the trail names it by its id', async () => {
  const api = await startApi({ LOG_LEVEL: 'trace' });
  const owner = await api.signUp();
  const { id, key } = await createKey(owner);
  const ask = (sent: object) => send(api.program.url, { path: ME, ...sent });
  await ask({ token: key });
  await ask({ headers: { 'x-api-key': key } });
  await ask({ path: `${ME}?api_key=${key}`, headers: { authorization: `Basic ${key}` } });
  await ask({ path: `${PREFIX}/nope?api_key=${key}` });
  await ask({ method: 'POST', path: KEYS, body: { name: key }, token: key });
  const denied = await ask({ path: `${PREFIX}/admin/users`, token: key });
  expect(await trailOf(api, denied)).toEqual([
    {
      audit: 'access_denied',
      user_id: owner.id,
      api_key_id: id,
      address: expect.any(String),
      request_id: denied.headers['x-request-id'],
      method: 'GET',
      route: `${PREFIX}/admin/users`,
      code: 'permission_required',
    },
  ]);
  await owner.agent.delete(`${KEYS}/${id}`).expect(204);
  await until(() => api.program.output().includes('"audit":"api_key_revoked"'));
  const output = api.program.output();
  expect(output).toContain('"audit":"api_key_created"');
  const [row] = await api.database.query<{ secret_hash: string }>('SELECT secret_hash FROM api_key');
  for (const secret of [key, partsOf(key)[2], row!.secret_hash]) expect(output).not.toContain(secret);
  await api.stop();
});

test('whatever is wrong with a key, it costs one read of one row', async () => {
  const api = await startApi({ LOG_LEVEL: 'trace' });
  const owner = await api.signUp();
  const [good, revoked, expired] = [await createKey(owner), await createKey(owner), await createKey(owner)];
  await owner.agent.delete(`${KEYS}/${revoked.id}`).expect(204);
  await api.database.query("UPDATE api_key SET expires_at = now() - interval '1 s' WHERE id = $1", [expired.id]);
  const [prefix, id, secret] = partsOf(good.key);
  const wrong = [
    checked(`${prefix}_${id}_${partsOf(revoked.key)[2]}`),
    checked(`${prefix}_999999_${secret}`),
    revoked.key,
    expired.key,
  ];
  for (const token of wrong) {
    const answer = await send(api.program.url, { path: ME, token });
    expect(answer.status).toBe(401);
    const said = (await linesOf(api, answer)).filter((line) => line.includes('SELECT'));
    expect(said).toEqual([expect.stringContaining('FROM \\"api_key\\"')]);
  }
  await api.stop();
});

test('pages of known origins may send X-API-Key', async () => {
  const api = await startApi({ CORS_ORIGINS: 'https://app.example.com' });
  const headers = {
    origin: 'https://app.example.com',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'x-api-key',
  };
  const answer = await send(api.program.url, { method: 'OPTIONS', path: ME, headers });
  expect([answer.status, answer.headers['access-control-allow-headers']]).toEqual([204, 'x-api-key']);
  await api.stop();
});
