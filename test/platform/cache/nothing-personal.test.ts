import { type Api, PREFIX, useApi, type User } from '../../support/api.js';
import { holdLocks } from '../../support/locks.js';
import { expectProblem, type Received, send } from '../../support/raw.js';
import { CURSOR_LISTS, PUBLIC_READS } from '../../support/routes.js';
import { newScene, type PlayedScene } from '../../support/scenes.js';
import { tamper, warm } from './pair.js';

let api: Api;
let ada: User;
let bob: User;
let root: User;
let scene: PlayedScene;
let task: string;
beforeAll(async () => {
  api = await useApi();
  [ada, bob, root] = [await api.signUp(), await api.signUp(), await api.superuser()];
  scene = await newScene(api, root, ada);
  const { body } = await ada.agent.post(`${PREFIX}/tasks`).send({ name: 'sample', payload: { message: 'hi' } });
  task = body.id;
});
afterAll(() => api.stop());

const ask = (path: string, as?: User, headers = {}): Promise<Received> =>
  send(api.program.url, { path: PREFIX + path, token: as?.token, headers });

/** Every public read, and its first page by cursor. */
async function publicPaths(): Promise<string[]> {
  const paths = PUBLIC_READS.map(async (read) => {
    const path = await scene.filled(read.template);
    return CURSOR_LISTS.includes(read) ? [path, `${path}?after=`] : [path];
  });
  return (await Promise.all(paths)).flat();
}

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
  for (const path of await publicPaths()) {
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
  const path = '/users/ghost';
  for (let again = 0; again < 2; again++) expectProblem(await ask(path), 404);
  for (const query of ['page=0', 'page=x', 'after=forged', 'nope=1'])
    expectProblem(await ask(`/users?${query}`, undefined, { 'if-none-match': '*' }), 422);
  await api.database.query(
    `INSERT INTO "user" (name, username, email, hashed_password) VALUES ('Ghost', 'ghost', 'ghost@example.com', '')`,
  );
  expect((await ask(path)).status).toBe(200);
});

test('a failure is kept by nobody, here neither', async () => {
  const fresh = await api.signUp();
  const paths = ['/users?items_per_page=7', `/users/${fresh.username}`];
  await api.database.query('ALTER TABLE "user" RENAME TO elsewhere');
  try {
    for (const path of paths) expectProblem(await ask(path), 500);
  } finally {
    await api.database.query('ALTER TABLE elsewhere RENAME TO "user"');
  }
  for (const path of paths) expect((await ask(path)).status).toBe(200);
});

async function lockOfAll(): Promise<string> {
  const tables = await api.database.query<{ name: string }>(
    `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'`,
  );
  return `LOCK TABLE ${tables.map(({ name }) => name).join()} IN ACCESS EXCLUSIVE MODE`;
}

test('what is cached is answered without the database: whole, as 304 and as a head', async () => {
  const paths = await publicPaths();
  const [old] = await warm(api, [api.program.url], paths);
  await tamper(api);
  const release = await holdLocks(api.database, await lockOfAll());
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
