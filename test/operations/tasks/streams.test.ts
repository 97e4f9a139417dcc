/** Event streams last no longer than the right to them, and are so many at most. */
import { type Api, PASSWORD, PREFIX, startApi, type User } from '../../support/api.js';
import { freePort, type Program, start, until } from '../../support/program.js';
import { type Received, send } from '../../support/raw.js';
import { signIn } from '../../support/sessions.js';
import { claimsOf, headerOf, tokenOf } from '../../support/tokens.js';
import { addQuietTask, changeTask, open, type Stream } from '../../tasks/events.js';

const WITHIN_MILLISECONDS = 1_000;
const TEXT = 'x'.repeat(1_000_000);
const PER_USER = 3;
const PER_ADDRESS = 5;
const ALL = 7;

let api: Api;
let other: Program;
let root: User;
let metrics: string;
beforeAll(async () => {
  api = await startApi();
  metrics = `http://127.0.0.1:${await freePort()}`;
  other = await start('main', {
    ...api.env,
    METRICS_PORT: new URL(metrics).port,
    TRUST_PROXY: '127.0.0.1',
    STREAMS_MAX_PER_USER: String(PER_USER),
    STREAMS_MAX_PER_ADDRESS: String(PER_ADDRESS),
    STREAMS_MAX: String(ALL),
  });
  root = await api.superuser();
});
afterAll(async () => {
  await other.stop();
  await api.stop();
});

const account = ({ username }: User) => `${PREFIX}/users/${username}`;
const asAdmin = ({ username }: User) => `${PREFIX}/admin/users/${username}`;
const grant = (user: User, is_superuser: boolean) => root.agent.patch(asAdmin(user)).send({ is_superuser }).expect(200);

/** Resolves with the milliseconds that it took since then. */
async function closing({ closed }: Stream): Promise<number> {
  const begun = performance.now();
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error('the stream goes on')), 5_000).unref());
  await Promise.race([closed, late]);
  return performance.now() - begun;
}

/** Who follows a task, and what ends the right to: in another process than the stream's. */
const ENDINGS: [string, (user: User) => Promise<unknown>][] = [
  ['signing out', ({ agent }) => agent.post(`${PREFIX}/auth/logout`).expect(204)],
  ['signing out everywhere', ({ agent }) => agent.post(`${PREFIX}/auth/logout-all`).expect(204)],
  [
    'the end of that session',
    async ({ username, token }) => {
      const { access_token } = await signIn(api.program.url, username);
      const path = `${PREFIX}/auth/sessions/${String(claimsOf(token).sid)}`;
      return send(api.program.url, { method: 'DELETE', path, token: access_token });
    },
  ],
  [
    'a new password',
    async ({ username }) => {
      const { access_token: token } = await signIn(api.program.url, username);
      const body = { current_password: PASSWORD, new_password: 'Difference-Engine-1822' };
      return send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/password`, token, body });
    },
  ],
  ['leaving', (user) => user.agent.delete(account(user)).send({ current_password: PASSWORD }).expect(204)],
  ['being deleted for good', (user) => root.agent.delete(asAdmin(user)).expect(204)],
];

test.each(ENDINGS)('a stream ends with %s, in every process', async (_, end) => {
  const user = await api.signUp();
  const path = await addQuietTask(api, user);
  const streams = await Promise.all([open(api.program.url, path, user), open(other.url, path, user)]);
  await until(() => streams.every((stream) => stream.text().includes('event: state')));
  await end(user);
  for (const stream of streams) expect(await closing(stream)).toBeLessThan(WITHIN_MILLISECONDS);
  expect(streams.map((stream) => stream.text())).not.toContainEqual(expect.stringContaining('event: end'));
});

test('a stream of somebody else’s task ends when its superuser is none any more', async () => {
  const [user, owner] = [await api.signUp(), await api.signUp()];
  await grant(user, true);
  const stream = await open(other.url, await addQuietTask(api, owner), user);
  await until(() => stream.text().includes('event: state'));
  await grant(user, false);
  expect(await closing(stream)).toBeLessThan(WITHIN_MILLISECONDS);
});

test('a stream goes on when another session ends', async () => {
  const user = await api.signUp();
  const path = await addQuietTask(api, user);
  const stream = await open(other.url, path, user);
  await until(() => stream.text().includes('event: state'));
  const { access_token } = await signIn(api.program.url, user.username);
  await send(api.program.url, { method: 'POST', path: `${PREFIX}/auth/logout`, token: access_token });
  await changeTask(api, path, `status = 'completed'`);
  await closing(stream);
  expect(stream.text()).toContain('event: end');
});

test('a stream ends when the access token that opened it expires', async () => {
  const user = await api.signUp();
  const exp = Math.floor(Date.now() / 1_000) + 2;
  const token = tokenOf(headerOf(user.token), { ...claimsOf(user.token), exp }, api.env.SECRET_KEY!);
  const path = await addQuietTask(api, user);
  // The second is known already.
  for (let time = 0; time < 2; time++) {
    const stream = await open(other.url, path, { token });
    if (time === 1) await closing(stream);
    else stream.answer.destroy();
  }
  expect(Math.abs(Date.now() - exp * 1_000)).toBeLessThan(WITHIN_MILLISECONDS);
});

test('who never reads does not keep a stream beyond the session', async () => {
  const user = await api.signUp();
  const path = await addQuietTask(api, user);
  const stream = await open(other.url, path, user);
  stream.answer.pause();
  for (let n = 0; n < 20; n++) await changeTask(api, path, `error = '${n}${TEXT}'`);
  await user.agent.post(`${PREFIX}/auth/logout-all`).expect(204);
  await until(async () => (await openStreams()) === 0);
  stream.answer.resume();
  await closing(stream);
  expect(stream.text().length).toBeLessThan(10 * TEXT.length);
});

test('a user, an address and a process have so many streams at most, and get places back', async () => {
  const users = await Promise.all(Array.from({ length: 4 }, () => api.signUp()));
  const paths = await Promise.all(users.map((user) => addQuietTask(api, user)));
  const ask = (index: number, address: string) =>
    open(other.url, paths[index]!, users[index]!, '', { 'x-forwarded-for': address });
  const refusal = (index: number, address: string) =>
    send(other.url, {
      path: `${paths[index]}/events`,
      token: users[index]!.token,
      headers: { 'x-forwarded-for': address },
    });
  const streams: Stream[] = [];
  for (let n = 0; n < PER_USER; n++) streams.push(await ask(0, `203.0.113.${n}`));
  expectRefusal(await refusal(0, '203.0.113.9'), 429, 'too_many_streams');
  // Of one network of 64 bits.
  streams.push(await ask(1, '2001:db8::1'), await ask(1, '2001:db8::2'), await ask(2, '2001:db8::3'));
  for (const stream of streams.splice(0, PER_USER)) stream.answer.destroy();
  await until(async () => (await openStreams()) === PER_USER);
  streams.push(await ask(2, '2001:db8::4'), await ask(3, '2001:db8::5'));
  expectRefusal(await refusal(3, '2001:db8::6'), 429, 'too_many_streams');
  for (let n = 0; n < ALL - PER_ADDRESS; n++) streams.push(await ask(0, `203.0.113.${n}`));
  expectRefusal(await refusal(3, '203.0.113.9'), 503, 'streams_full');
  // A HEAD opens none.
  const head = { method: 'HEAD', path: `${paths[3]}/events`, token: users[3]!.token };
  expect((await send(other.url, head)).status).toBe(200);
  const text = await (await fetch(`${metrics}/metrics`)).text();
  for (const line of ['{bound="user"} 1', '{bound="address"} 1', '{bound="process"} 1'])
    expect(text).toContain(`event_streams_refused_total${line}\n`);
  for (const stream of streams) stream.answer.destroy();
  await until(async () => (await openStreams()) === 0);
});

function expectRefusal({ status, headers, text }: Received, expected: number, code: string): void {
  expect({ status, code: (JSON.parse(text) as { code: string }).code }).toEqual({ status: expected, code });
  expect(headers['retry-after']).toBe('5');
}

async function openStreams(): Promise<number> {
  const text = await (await fetch(`${metrics}/metrics`)).text();
  return Number(/^event_streams_open (\d+)/m.exec(text)![1]);
}
