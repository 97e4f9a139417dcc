/** Server-sent events. States that no worker makes in time are written into the row, as a worker writes them. */
import { type Api, PREFIX, refused, startApi, type User } from '../../support/api.js';
import { type Program, start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { addQuietTask, changeTask, follow, open, parse } from '../../tasks/events.js';

const CHANGES = 400;
const TEXT = 'x'.repeat(100_000);

let api: Api;
let worker: Program;
let user: User;
beforeAll(async () => {
  api = await startApi();
  [worker, user] = [await start('worker', api.env), await api.signUp()];
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
});

async function post(seconds: number): Promise<string> {
  const task = { name: 'sample', payload: { message: 'hi', seconds } };
  return (await user.agent.post(`${PREFIX}/tasks`).send(task).expect(202)).headers.location!;
}

const quietTask = () => addQuietTask(api, user);
const change = (path: string, changes: string) => changeTask(api, path, changes);

test('each state is told in order, and with the last one the stream ends', async () => {
  const path = await post(1);
  const { answer, events } = await follow(api.program.url, path, user);
  expect(answer.headers['content-type']).toBe('text/event-stream');
  expect(answer.headers['cache-control']).toBe('no-store');
  const names = events.map(({ event }) => event);
  expect(names).toEqual([...names.slice(1).map(() => 'state'), 'end']);
  const ids = events.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  const progress = events.map(({ data }) => data.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(new Set(progress).size).toBeGreaterThan(3);
  expect(events.some(({ data }) => data.status === 'active')).toBe(true);
  expect(events.at(-1)!.data).toEqual((await user.agent.get(path).expect(200)).body);
});

test('a stream that is opened again goes on where it was', async () => {
  const path = await quietTask();
  const first = await open(api.program.url, path, user);
  await until(() => parse(first.text()).length === 1);
  for (const progress of [10, 20]) {
    await change(path, `progress = ${progress}`);
    await until(() => parse(first.text()).at(-1)!.data.progress === progress);
  }
  first.answer.destroy();
  const seen = parse(first.text()).at(-1)!.id;
  const rest = await open(api.program.url, path, user, String(seen));
  await until(() => rest.text().endsWith('\n\n:\n\n'));
  await change(path, `progress = 30`);
  await change(path, `status = 'completed'`);
  await rest.closed;
  const events = parse(rest.text());
  expect(Math.min(...events.map(({ id }) => id))).toBeGreaterThan(seen);
  expect(events.at(-1)).toMatchObject({ event: 'end', data: { status: 'completed', progress: 30 } });
  const again = await follow(api.program.url, path, user, events.at(-1)!.id);
  expect(again.events.map(({ event }) => event)).toEqual(['end']);
});

test.each(['nonsense', '-1', '1e999', ''])('a Last-Event-ID of %j begins anew', async (id) => {
  const path = await quietTask();
  await change(path, `status = 'failed', error = 'no luck'`);
  const sent = { path: `${path}/events`, token: user.token, headers: { 'last-event-id': id } };
  const { status, text } = await send(api.program.url, sent);
  expect(status).toBe(200);
  expect(parse(text)).toMatchObject([{ event: 'end', data: { status: 'failed', error: 'no luck' } }]);
});

test('only its owner and superusers may follow a task', async () => {
  const path = await quietTask();
  await change(path, `status = 'completed'`);
  const [other, root] = [await api.signUp(), await api.superuser()];
  await refused(other.agent.get(`${path}/events`), 404, 'task_not_found');
  await refused(api.http.get(`${path}/events`), 401, 'not_signed_in');
  expect((await follow(api.program.url, path, root)).events).toHaveLength(1);
});

test('a HEAD is answered at once', async () => {
  const path = await quietTask();
  const { status, text } = await send(api.program.url, { method: 'HEAD', path: `${path}/events`, token: user.token });
  expect({ status, text }).toEqual({ status: 200, text: '' });
});

test('a stream ends when its task is no more', async () => {
  const path = await quietTask();
  const stream = await open(api.program.url, path, user);
  await until(() => parse(stream.text()).length === 1);
  await api.database.query('DELETE FROM task WHERE id = $1', [path.split('/').at(-1)]);
  await api.database.query(`SELECT pg_notify('tasks_changed', $1)`, [path.split('/').at(-1)]);
  await stream.closed;
  expect(parse(stream.text())).toHaveLength(1);
});

test('whoever reads slowly misses states in between, not the last one', async () => {
  const path = await quietTask();
  const slow = await open(api.program.url, path, user);
  const quick = await open(api.program.url, path, user);
  await until(() => parse(slow.text()).length === 1);
  slow.answer.pause();
  for (let n = 1; n <= CHANGES; n++) await change(path, `error = '${n}${TEXT}'`);
  await change(path, `status = 'failed', error = 'the last'`);
  await quick.closed;
  slow.answer.resume();
  await slow.closed;
  expect(parse(slow.text()).at(-1)).toMatchObject({ event: 'end', data: { error: 'the last' } });
  // What the sockets hold, and no more.
  expect(slow.text().length).toBeLessThan((CHANGES * TEXT.length) / 2);
  expect(quick.text().length).toBeGreaterThan(slow.text().length);
});

test('an API that stops lets go of those who listen', async () => {
  const path = await quietTask();
  const other = await start('main', api.env);
  const stream = await open(other.url, path, user);
  await until(() => parse(stream.text()).length === 1);
  const begun = Date.now();
  expect(await other.stop()).toBe(0);
  await stream.closed;
  expect(Date.now() - begun).toBeLessThan(10_000);
});

test('the documentation tells that the answer is a stream of events', async () => {
  const { body } = await api.http.get('/openapi.json').expect(200);
  const { content } = body.paths[`${PREFIX}/tasks/{task_id}/events`].get.responses['200'];
  expect(Object.keys(content)).toEqual(['text/event-stream']);
});
