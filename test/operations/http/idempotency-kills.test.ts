/** APIs that are killed between the effect of a request and its response, and what the request has done then. */
import { randomUUID } from 'node:crypto';
import { type Api, PASSWORD, PREFIX, startApi } from '../../support/api.js';
import { holdLocks, waitingForLocks } from '../../support/locks.js';
import { start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';

// Each takes a start of the API: IDEMPOTENCY_KILLS=50 takes two minutes.
const KILLS = Number(process.env.IDEMPOTENCY_KILLS ?? 6);
const AT_ONCE = 8;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const usernameOf = (key: string) => `k${key.replaceAll('-', '').slice(0, 18)}`;

function register(url: string, key: string) {
  const username = usernameOf(key);
  const body = { name: 'Ada', username, email: `${username}@example.com`, password: PASSWORD };
  return send(url, { method: 'POST', path: `${PREFIX}/users`, body, headers: { 'idempotency-key': key } });
}

async function accounts(keys: string[]): Promise<Set<string>> {
  const sql = 'SELECT username FROM "user" WHERE username = ANY($1)';
  const rows = await api.database.query<{ username: string }>(sql, [keys.map(usernameOf)]);
  return new Set(rows.map(({ username }) => username));
}

/**
 * Sends requests to an API that is killed while all have had their effect and none can commit, or when some have. It has
 * one connection: what is committed is answered after others have had it.
 */
async function killWhileAnswering(keys: string[], isHeld: boolean): Promise<number> {
  const most = 1 + Math.floor(Math.random() * keys.length);
  const killed = await start('main', { ...api.env, POSTGRES_POOL_SIZE: '1' });
  const release = isHeld ? await holdLocks(api.database, 'LOCK TABLE kept_response IN SHARE MODE') : undefined;
  const sent = keys.map((key) =>
    register(killed.url, key).then(
      ({ status }) => status,
      () => 0,
    ),
  );
  if (release) await until(async () => (await waitingForLocks(api.database)) === 1);
  else await until(async () => (await accounts(keys)).size >= most);
  await killed.stop('SIGKILL');
  const statuses = await Promise.all(sent);
  await release?.();
  return statuses.filter((status) => status === 201).length;
}

/** Nothing of the killed process goes on in the database. */
const settled = () =>
  until(async () => {
    const [row] = await api.database.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'`,
    );
    return row!.count === 1;
  });

test(`${KILLS} killed APIs leave of each request one effect or none, and its repetition tells which`, async () => {
  const seen = { answered: 0, unanswered: 0, undone: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const keys = Array.from({ length: AT_ONCE }, () => randomUUID());
    const answered = await killWhileAnswering(keys, kill % 3 === 0);
    await settled();
    const before = await accounts(keys);
    for (const key of keys) {
      const { status, headers, text } = await register(api.program.url, key);
      const isReplayed = headers['idempotency-replayed'] === 'true';
      expect({ status, isReplayed }).toEqual({ status: 201, isReplayed: before.has(usernameOf(key)) });
      expect(JSON.parse(text)).toMatchObject({ username: usernameOf(key) });
    }
    expect((await accounts(keys)).size).toBe(AT_ONCE);
    seen.answered += answered;
    seen.unanswered += before.size - answered;
    seen.undone += AT_ONCE - before.size;
  }
  process.stderr.write(`${KILLS} kills: ${JSON.stringify(seen)}\n`);
  expect(Math.min(seen.undone, seen.unanswered)).toBeGreaterThan(0);
}, 3_600_000);
