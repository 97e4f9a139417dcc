/** Requests that may be sent again, with an `Idempotency-Key`: every POST that creates something. */
import { randomUUID } from 'node:crypto';
import { type Api, PASSWORD, PREFIX, useApi, type User } from '../../support/api.js';
import { useLabApi } from '../../support/lab.js';
import { newProduct } from '../../support/products.js';
import { expectProblem, expectRefused, type Received, send, type Sent, stored } from '../../support/raw.js';
import { DOCUMENT, type Route, ROUTES } from '../../support/routes.js';
import { newScene } from '../../support/scenes.js';

const takesKey = ({ operation }: Route) => operation.parameters.some(({ name }) => name === 'Idempotency-Key');
const KEYED = ROUTES.filter(takesKey);

let api: Api;
let root: User;
let ada: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  ada = await api.signUp();
});
afterAll(() => api.stop());

const ask = (sent: Sent, key: string | string[]) =>
  send(api.program.url, { ...sent, headers: { 'idempotency-key': key } });
const seen = ({ status, text, headers }: Received) => ({
  status,
  text,
  location: headers.location,
  type: headers['content-type'],
});
const TASK = { name: 'sample', payload: { message: 'x' } };
const task = (message = 'x', { token } = ada): Sent => ({
  method: 'POST',
  path: `${PREFIX}/tasks`,
  token,
  body: { ...TASK, payload: { message } },
});
let counter = 0;
const account = () => {
  const username = `keyed${++counter}`;
  return { name: 'Ada', username, email: `${username}@example.com`, password: PASSWORD };
};
const registration = (body: object = account()): Sent => ({ method: 'POST', path: `${PREFIX}/users`, body });

test('every POST that creates something takes a key, and no other route does', () => {
  const creates = ({ method, status }: Route) => method === 'POST' && (status === 201 || status === 202);
  const expected = ROUTES.filter((route) => creates(route) && !route.withoutIdempotency);
  expect(KEYED.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
  expect(KEYED.length).toBeGreaterThanOrEqual(2);
});

test.each(KEYED)('$name, sent again with its key, has its first response and no effect', async (route) => {
  const sent = await (await newScene(api, root)).ready(route);
  const key = randomUUID();
  const first = await ask(sent, key);
  expect({ status: first.status, replayed: first.headers['idempotency-replayed'] }).toEqual({ status: route.status });
  const before = await stored(api);
  for (const again of [key, `"${key}"`]) {
    const second = await ask(sent, again);
    expect(seen(second)).toEqual(seen(first));
    expect(second.headers['idempotency-replayed']).toBe('true');
  }
  expect(await stored(api)).toEqual(before);
});

test.each(KEYED)('$name does not take the key of another request', async (route) => {
  const sent = await (await newScene(api, root)).ready(route);
  const key = randomUUID();
  expect((await ask(sent, key)).status).toBe(route.status);
  const other = { ...sent, body: { ...(sent.body as object), other: 1 } };
  await expectRefused(api, { ...other, headers: { 'idempotency-key': key } }, 422, 'idempotency_key_reused');
  expect((await ask(sent, key)).headers['idempotency-replayed']).toBe('true');
});

test('a key belongs to its user: of another, it is another one', async () => {
  const grace = await api.signUp();
  const [one, other] = [await ask(task(), 'shared'), await ask(task('x', grace), 'shared')];
  expect(other.status).toBe(202);
  expect(other.headers['idempotency-replayed']).toBeUndefined();
  expect(JSON.parse(other.text).id).not.toBe(JSON.parse(one.text).id);
});

test('a key of somebody who has not signed in belongs to the address', async () => {
  const sent = registration();
  const from = (address: string) =>
    send(api.program.url, { ...sent, headers: { 'idempotency-key': 'mine', 'x-forwarded-for': address } });
  expect((await from('203.0.113.1')).status).toBe(201);
  expect((await from('203.0.113.1')).headers['idempotency-replayed']).toBe('true');
  expectProblem(await from('203.0.113.2'), 409);
});

test.each([
  ['empty', ''],
  ['too long', 'k'.repeat(256)],
  ['with a space', 'a b'],
  ['of an open quote', '"a'],
  ['sent twice', ['a', 'b']],
  ['beyond ASCII', 'é'],
])('a key that is %s is 400, and nothing happens', async (_, key) => {
  await expectRefused(api, { ...task(), headers: { 'idempotency-key': key } }, 400, 'malformed_request');
});

test('without a key, each request has its effect', async () => {
  const [one, other] = await Promise.all([send(api.program.url, task()), send(api.program.url, task())]);
  expect([one.status, other.status]).toEqual([202, 202]);
  expect(JSON.parse(one.text).id).not.toBe(JSON.parse(other.text).id);
});

test.each([
  ['is not valid', { ...account(), username: '!' }, 422, 'validation_failed'],
  ['conflicts', () => ({ ...account(), username: ada.username }), 409, 'username_taken'],
] as const)('a request that %s is not kept, and leaves the key to a better one', async (_, body, status, code) => {
  const key = randomUUID();
  const bad = typeof body === 'function' ? body() : body;
  await expectRefused(api, { ...registration(bad), headers: { 'idempotency-key': key } }, status, code);
  expect((await ask(registration(), key)).status).toBe(201);
});

test('who is not signed in is refused before the key is looked at', async () => {
  expectProblem(await ask({ ...task(), token: undefined }, ''), 401, 'not_signed_in');
});

test('20 requests with one key at once have one effect, one status and one body', async () => {
  for (const sent of [task('at once'), registration()]) {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(sent, key)));
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(answers[0]!.status).toBeLessThan(300);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
  }
  const tasks = await api.database.query(`SELECT FROM task WHERE payload->>'message' = 'at once'`);
  expect(tasks).toHaveLength(1);
});

test('what is kept cannot be read in the database', async () => {
  const sent = registration();
  const { text } = await ask(sent, 'a-key-in-plain-text');
  const { username, password } = sent.body as Record<string, string>;
  const rows = await api.database.query('SELECT encode(k.sealed, $1) AS sealed, k.* FROM kept_response k', ['escape']);
  const told = JSON.stringify(rows);
  expect(text).toContain(username);
  for (const secret of [username!, password!, 'a-key-in-plain-text']) expect(told).not.toContain(secret);
});

test('what is kept goes with its account', async () => {
  const gone = await api.signUp();
  await ask(task('x', gone), randomUUID());
  const kept = () => api.database.query('SELECT FROM kept_response WHERE owner = $1', [`user:${gone.id}`]);
  expect(await kept()).toHaveLength(1);
  await root.agent.delete(`${PREFIX}/admin/users/${gone.username}`).expect(204);
  expect(await kept()).toHaveLength(0);
});

test('a new account is in cached lists when its request is answered', async () => {
  const list = async () => (await send(api.program.url, { path: `${PREFIX}/users` })).text;
  for (let n = 0; n < 5; n++) {
    await list();
    const sent = registration();
    await ask(sent, randomUUID());
    expect(await list()).toContain((sent.body as { username: string }).username);
  }
});

test('the document tells of the key, its problems and the header of a response that is sent again', () => {
  for (const { operation } of KEYED) {
    const { parameters, responses } = operation;
    const key = parameters.find(({ name }) => name === 'Idempotency-Key');
    expect(key).toMatchObject({ in: 'header', required: false, schema: { minLength: 1, maxLength: 255 } });
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'))![1];
    expect(success.headers).toHaveProperty(['Idempotency-Replayed']);
    const codes = Object.values(responses).flatMap(({ content = {} }) =>
      Object.keys(content['application/problem+json']?.examples ?? {}),
    );
    const told = ['idempotency_key_in_use', 'idempotency_key_reused', 'malformed_request', 'too_many_idempotency_keys'];
    expect(codes).toEqual(expect.arrayContaining(told));
  }
  expect(DOCUMENT.operations().length).toBeGreaterThan(KEYED.length);
});

describe('a domain with every kind of field', () => {
  let lab: Api;
  let user: User;
  beforeAll(async () => {
    lab = await useLabApi();
    user = await lab.signUp();
  });
  afterAll(() => lab.stop());

  test.each([
    ['/lab/products', () => newProduct()],
    ['/lab/product-batches', () => ({ products: [newProduct(), newProduct()] })],
  ])('answers POST %s alike without a key, with one, and again', async (path, make) => {
    const body = make();
    const post = (one: object, headers = {}) =>
      send(lab.program.url, { method: 'POST', path: PREFIX + path, token: user.token, body: one, headers });
    const headers = { 'idempotency-key': path };
    const [plain, keyed, again] = [await post(make()), await post(body, headers), await post(body, headers)];
    expect(plain).toMatchObject({ status: 201 });
    expect(seen(again)).toEqual(seen(keyed));
    const names = ({ text }: Received) => [...text.matchAll(/"\w+":/g)].map(([name]) => name);
    expect({ names: names(keyed), type: keyed.headers['content-type'] }).toEqual({
      names: names(plain),
      type: plain.headers['content-type'],
    });
  });
});
