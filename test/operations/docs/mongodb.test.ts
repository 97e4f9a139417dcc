/** The domain of "Other databases" compiles, and runs beside PostgreSQL on a server that speaks MongoDB's protocol. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { apiOn, type Api, PREFIX, refused, type User } from '../../support/api.js';
import { ROOT, samples } from '../../support/pages.js';
import { createDatabase, environment, freePort, type Program, start, until } from '../../support/program.js';
import { describeWith, hasProgram } from '../../support/programs.js';
import { ferretdb, npmTools } from '../../support/tools.js';

const MINUTES = 60_000;
const DRIVER = 'mongodb@7.9.0';
const SERVER = 'v1.24.2';
const COPIED = ['src', 'migrations', 'package.json', 'tsconfig.json', 'nest-cli.json', '.swcrc'];
const BOOKMARKS = `${PREFIX}/bookmarks`;

const folder = mkdtempSync(join(tmpdir(), 'api-mongodb-'));
const project = join(folder, 'project');
beforeAll(() => {
  // The driver is found one folder above the packages of the project.
  symlinkSync(join(npmTools(DRIVER), 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(project);
  for (const name of COPIED) cpSync(join(ROOT, name), join(project, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  for (const { page, file, code } of samples()) if (page === 'docs/other-databases.md') write(file!, code);
  assemble('src/app.module.ts', 'BookmarksModule', './bookmarks/bookmarks.module.js');
  assemble('src/worker.module.ts', 'BookmarksTasksModule', './bookmarks/bookmarks.tasks.module.js');
}, 5 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, source: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), source);
}

function assemble(file: string, name: string, path: string): void {
  const source = readFileSync(join(project, file), 'utf8').replace(/imports: \[/, `imports: [${name}, `);
  write(file, `import { ${name} } from '${path}';\n${source}`);
}

function succeeds(args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
}

test(
  'the domain compiles',
  () => {
    succeeds(['node_modules/typescript/bin/tsc', '--noEmit']);
    succeeds(['node_modules/@nestjs/cli/bin/nest.js', 'build']);
  },
  5 * MINUTES,
);

// Building it takes minutes, so that only who asks for everything waits for it.
const isThere = hasProgram('ferretdb') || (process.env.TEST_ALL === '1' && hasProgram('go', 'version'));

describeWith('ferretdb', isThere, 'the domain on MongoDB', () => {
  let server: ChildProcess;
  let port: number;
  let api: Api;
  let worker: Program;
  let ada: User;

  async function startServer(): Promise<void> {
    const binary = hasProgram('ferretdb') ? 'ferretdb' : ferretdb(SERVER);
    const where = ['--listen-addr', `127.0.0.1:${port}`, '--debug-addr', '-', '--state-dir', folder];
    const kept = ['--handler', 'sqlite', '--sqlite-url', `file:${folder}/`, '--telemetry', 'disable'];
    server = spawn(binary, [...where, ...kept], { stdio: 'ignore' });
    await until(() => isListening(port));
  }

  async function stopServer(): Promise<void> {
    server.kill('SIGKILL');
    await once(server, 'close');
  }

  beforeAll(async () => {
    port = await freePort();
    await startServer();
    const database = await createDatabase();
    const env = environment(database.url, { MONGO_URL: `mongodb://127.0.0.1:${port}/app` });
    const program = await start(join(project, 'dist/src/main.js'), env);
    api = apiOn(program, database, env);
    worker = await start(join(project, 'dist/src/worker.js'), env);
    ada = await api.signUp({ username: 'ada' });
  }, 10 * MINUTES);
  afterAll(async () => {
    await worker.stop();
    await api.stop();
    await stopServer();
  });

  const bookmark = (title: string) => ({ url: 'https://example.com/engine', title });
  const create = async (user: User, title: string) =>
    (await user.agent.post(BOOKMARKS).send(bookmark(title)).expect(201)).body as { id: string };

  test('bookmarks are written, listed, read and deleted by their owner alone', async () => {
    const grace = await api.signUp({ username: 'grace' });
    const ids = [];
    for (const title of ['One', 'Two', 'Three']) ids.push((await create(ada, title)).id);
    const { body: page } = await ada.agent.get(`${BOOKMARKS}?items_per_page=2`).expect(200);
    expect(page).toMatchObject({ total_count: 3, has_more: true, page: 1, items_per_page: 2 });
    expect(page.data.map(({ title }: { title: string }) => title)).toEqual(['Three', 'Two']);
    const { body: one } = await ada.agent.get(`${BOOKMARKS}/${ids[0]}`).expect(200);
    expect(one).toEqual({ ...bookmark('One'), id: ids[0], created_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    await refused(grace.agent.get(`${BOOKMARKS}/${ids[0]}`), 404, 'bookmark_not_found');
    await refused(grace.agent.delete(`${BOOKMARKS}/${ids[0]}`), 404, 'bookmark_not_found');
    await ada.agent.delete(`${BOOKMARKS}/${ids[0]}`).expect(204);
    await refused(ada.agent.get(`${BOOKMARKS}/${ids[0]}`), 404, 'bookmark_not_found');
  });

  test.each(['1', 'x'.repeat(24), '%24ne', 'f'.repeat(24)])('no bookmark has the id %s', async (id) => {
    await refused(ada.agent.get(`${BOOKMARKS}/${id}`), 404, 'bookmark_not_found');
  });

  test.each([{ title: { $ne: '' } }, { title: '' }, { url: 'javascript:alert(1)' }, { owner: 1 }])(
    'what is no bookmark is refused: %j',
    async (wrong) => {
      await refused(ada.agent.post(BOOKMARKS).send({ ...bookmark('x'), ...wrong }), 422, 'validation_failed');
    },
  );

  test('a change that expects another version is refused', async () => {
    const { id } = await create(ada, 'Seen');
    await refused(ada.agent.delete(`${BOOKMARKS}/${id}`).set('If-Match', '"other"'), 412, 'stale_entity_tag');
    const { headers } = await ada.agent.get(`${BOOKMARKS}/${id}`).expect(200);
    await ada.agent.delete(`${BOOKMARKS}/${id}`).set('If-Match', headers.etag!).expect(204);
  });

  test('a task deletes the bookmarks of accounts that are gone, and no others', async () => {
    const [kept, gone] = [await api.signUp(), await api.signUp()];
    for (const user of [kept, gone]) await create(user, 'Mine');
    await api.database.query('DELETE FROM "user" WHERE id = $1', [gone.id]);
    await api.database.query("INSERT INTO task (name, payload, status) VALUES ('ownerless_bookmarks', '{}', 'queued')");
    const results = "SELECT result FROM task WHERE name = 'ownerless_bookmarks' AND status = 'completed'";
    await until(async () => (await api.database.query(results)).length > 0);
    expect(await api.database.query(results)).toEqual([{ result: { deleted: 1 } }]);
    expect((await kept.agent.get(BOOKMARKS).expect(200)).body.total_count).toBe(1);
  });

  test('while MongoDB is away its routes are 503 and the others answer, and then all is well', async () => {
    await stopServer();
    await refused(ada.agent.get(BOOKMARKS), 503, 'database_unavailable');
    await ada.agent.get(`${PREFIX}/users/me`).expect(200);
    await startServer();
    await ada.agent.get(BOOKMARKS).expect(200);
  });
});

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(socket.destroy() !== undefined));
    socket.once('error', () => done(false));
  });
}
