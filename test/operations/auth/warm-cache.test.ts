import pg from 'pg';
import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { asksDatabase } from '../../support/locks.js';
import { listeners } from '../../support/notifications.js';
import { type Program, start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { signIn, statusOfMe } from '../../support/sessions.js';

let api: Api;
let other: Program;
let user: User;
let urls: string[];
beforeAll(async () => {
  api = await startApi();
  other = await start('main', api.env);
  urls = [api.program.url, other.url];
  user = await api.signUp();
});
afterAll(async () => {
  await other.stop();
  await api.stop();
});

const asks = (url: string, token: string) => asksDatabase(api.database, url, token);

/** Every instance answers from memory. */
const untilWarm = async (token: string) => {
  for (const url of urls) await until(async () => !(await asks(url, token)));
};

test('who has been here before is known without asking the database, who has not is not', async () => {
  await untilWarm(user.token);
  const { access_token } = await signIn(urls[0]!, user.username);
  for (const url of urls) {
    expect(await asks(url, user.token)).toBe(false);
    expect(await asks(url, access_token)).toBe(true);
    expect(await asks(url, access_token)).toBe(false);
  }
});

test('a changed account is asked for once more, and no other is', async () => {
  const renamed = await api.signUp();
  for (const { token } of [user, renamed]) await untilWarm(token);
  await renamed.agent.patch(`${PREFIX}/users/${renamed.username}`).send({ name: 'Renamed' }).expect(200);
  await until(() => asks(other.url, renamed.token));
  for (const url of urls) expect(await asks(url, user.token)).toBe(false);
});

test('an instance that can’t hear of changes asks the database each time, until it hears again', async () => {
  const { agent, username, token } = await api.signUp();
  await untilWarm(token);
  await deafen();
  for (const name of ['Deaf', 'Still deaf', 'Deaf for long']) {
    await agent.patch(`${PREFIX}/users/${username}`).send({ name }).expect(200);
    expect(await nameAt(other.url, token)).toBe(name);
  }
  await hearAgain();
  for (const url of urls) expect(await asks(url, token)).toBe(true);
  await untilWarm(token);
});

test('where notifications hang, an instance knows at once what it did itself, and soon that they hang', async () => {
  const [gone, renamed] = [await api.signUp(), await api.signUp()];
  for (const { token } of [gone, renamed]) await untilWarm(token);
  const pids = await listeners(api.database);
  expect(pids).toHaveLength(2);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await gone.agent.post(`${PREFIX}/auth/logout`).expect(204);
    expect(await statusOfMe(api.program.url, gone.token)).toBe(401);
    await renamed.agent.patch(`${PREFIX}/users/${renamed.username}`).send({ name: 'Renamed' }).expect(200);
    await until(async () => (await nameAt(other.url, renamed.token)) === 'Renamed');
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
});

async function nameAt(url: string, token: string): Promise<string> {
  const { text } = await send(url, { path: `${PREFIX}/users/me`, token });
  return (JSON.parse(text) as { name: string }).name;
}

/** Cuts the connections for notifications, and lets nobody make new ones. */
function deafen(): Promise<void> {
  return onServer(
    (name) => `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
    (name) => `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
               WHERE datname = '${name}' AND application_name LIKE '%(notifications)'`,
  );
}

function hearAgain(): Promise<void> {
  return onServer((name) => `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
}

async function onServer(...statements: ((database: string) => string)[]): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_SERVER_URL });
  await client.connect();
  const name = new URL(api.database.url).pathname.slice(1);
  for (const statement of statements) await client.query(statement(name));
  await client.end();
}
