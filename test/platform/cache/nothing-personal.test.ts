import { type Api, type Post, PREFIX, useApi, type User, writePost } from '../../support/api.js';
import { holdLocks } from '../../support/locks.js';
import { expectProblem, type Received, send } from '../../support/raw.js';
import { tamper, warm } from './pair.js';

let api: Api;
let ada: User;
let bob: User;
let root: User;
let post: Post;
let task: string;
beforeAll(async () => {
  api = await useApi();
  [ada, bob, root] = [await api.signUp(), await api.signUp(), await api.superuser()];
  post = await writePost(ada);
  const { body } = await ada.agent.post(`${PREFIX}/tasks`).send({ name: 'sample', payload: { message: 'hi' } });
  task = body.id;
});
afterAll(() => api.stop());

const ask = (path: string, as?: User, headers = {}): Promise<Received> =>
  send(api.program.url, { path: PREFIX + path, token: as?.token, headers });

const PUBLIC = () => [
  '/posts',
  '/posts?after=',
  `/posts/${post.id}`,
  '/users',
  `/users/${ada.username}`,
  `/users/${ada.username}/posts`,
  `/users/${ada.username}/posts/${post.id}`,
];

test.each([
  ['/users/me', 200],
  ['/auth/sessions', 200],
  ['/tasks/{task_id}', 404],
  ['/admin/users', 403],
  ['/admin/users/{username}', 403],
])('what one person sees at %s nobody else does, however often it is asked for', async (template, status) => {
  const path = template.replace('{task_id}', task).replace('{username}', bob.username);
  const first = template.startsWith('/admin') ? root : ada;
  const seen = await ask(path, first);
  expect([seen.status, seen.headers['cache-control']]).toEqual([200, 'no-store']);
  for (let again = 0; again < 2; again++) {
    const others = await ask(path, bob, { 'if-none-match': seen.headers.etag });
    expect([others.status, others.headers['cache-control']]).toEqual([status, 'no-store']);
    expect(others.text).not.toBe(seen.text);
    expectProblem(await ask(path, undefined, { 'if-none-match': seen.headers.etag }), 401, 'not_signed_in');
    expect((await ask(path, first)).status).toBe(200);
  }
});

test('what is public is the same for everybody, whoever asks first', async () => {
  for (const path of PUBLIC()) {
    await bob.agent
      .patch(`${PREFIX}/users/${bob.username}`)
      .send({ name: `Bob ${Math.random()}` })
      .expect(200);
    const answers = [];
    for (const as of [root, ada, bob, undefined]) answers.push(await ask(path, as));
    expect(new Set(answers.map(({ text, headers }) => `${headers.etag}${text}`)).size).toBe(1);
    for (const { text, headers } of answers) {
      expect(text).not.toMatch(/@|password|is_superuser/);
      expect(headers['cache-control']).toBe('public, max-age=60');
    }
  }
});

test('a refusal is kept by nobody, here neither', async () => {
  const [name, id] = ['ghost', post.id + 1_000];
  const paths = [`/users/${name}`, `/users/${name}/posts`, `/users/${name}/posts/${id}`, `/posts/${id}`];
  for (const path of [...paths, ...paths]) expectProblem(await ask(path), 404);
  for (const path of ['/posts?page=0', '/posts?after=forged', '/users?page=x', '/posts?nope=1']) {
    expectProblem(await ask(path, undefined, { 'if-none-match': '*' }), 422);
  }
  const email = `${name}@example.com`;
  const insert = `WITH u AS (INSERT INTO "user" (name, username, email, hashed_password)
    VALUES ('Ghost', $1, $2, '') RETURNING id)
    INSERT INTO post (id, title, text, created_by_user_id) OVERRIDING SYSTEM VALUE SELECT $3, 'Boo', 'boo', id FROM u`;
  await api.database.query(insert, [name, email, id]);
  for (const path of paths) expect((await ask(path)).status).toBe(200);
});

test('a failure is kept by nobody, here neither', async () => {
  const fresh = await writePost(ada);
  await api.database.query('ALTER TABLE post RENAME TO elsewhere');
  try {
    for (const path of ['/posts', `/posts/${fresh.id}`]) expectProblem(await ask(path), 500);
  } finally {
    await api.database.query('ALTER TABLE elsewhere RENAME TO post');
  }
  for (const path of ['/posts', `/posts/${fresh.id}`]) expect((await ask(path)).status).toBe(200);
});

test('what is cached is answered without the database: whole, as 304 and as a head', async () => {
  const paths = PUBLIC();
  const [old] = await warm(api, [api.program.url], paths);
  await tamper(api);
  const release = await holdLocks(api.database, 'LOCK TABLE post, "user", auth_session IN ACCESS EXCLUSIVE MODE');
  try {
    for (const [index, path] of paths.entries()) {
      const { text, headers } = await ask(path);
      expect(text).toBe(old![index]);
      const known = await ask(path, undefined, { 'if-none-match': headers.etag });
      expect([known.status, known.text, known.headers.etag]).toEqual([304, '', headers.etag]);
      const head = await send(api.program.url, { path: PREFIX + path, method: 'HEAD' });
      expect([head.status, head.headers.etag]).toEqual([200, headers.etag]);
    }
  } finally {
    await release();
  }
});
