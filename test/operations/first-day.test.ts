/** What a developer sees of `npm start`, `npm run dev` and `npm run db`. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort, until } from '../support/program.js';
import { hasProgram } from '../support/programs.js';
import { isAlive, useProjects, type Running } from '../support/project.js';

const TIMEOUT = 240_000;
const STEP_MILLISECONDS = 60_000;
const ROOT = join(__dirname, '../..');

const clone = useProjects(TIMEOUT);

/** Waits until what is printed from now on matches. */
function printed(running: Running, pattern: RegExp, since = 0): Promise<void> {
  return until(() => pattern.test(running.output().slice(since)), STEP_MILLISECONDS, `${pattern} in npm start`).catch(
    (error: Error) => {
      throw new Error(`${error.message}:\n${running.output().slice(since)}`);
    },
  );
}

/** The address that the API tells when it is back. */
const addressIn = (text: string) => /^api +is back: (http\S+)$/m.exec(text)?.[1];

test(
  'npm start names its steps, starts again what dies, and says when everything has stopped',
  async () => {
    const project = clone();
    const running = project.start();
    await running.url();
    const steps = [...running.output().matchAll(/^([A-Z]\w+)( …| +\d+\.\d s)$/gm)].map(([, name, end]) => [
      name,
      end!.trim() === '…',
    ]);
    const names = ['Packages', 'Build', 'Database', 'Migrations', 'Superuser', 'Programs'];
    expect(steps).toEqual(
      names.flatMap((name) => [
        [name, true],
        [name, false],
      ]),
    );

    const since = running.output().length;
    const killed = running.programNamed('main')!;
    process.kill(killed, 'SIGKILL');
    process.kill(running.programNamed('worker')!, 'SIGKILL');
    await printed(running, /^api +was ended by SIGKILL; starting it again in [\d.]+ s$/m, since);
    await printed(running, /^worker was ended by SIGKILL; starting it again in [\d.]+ s$/m, since);
    await printed(running, /^api +is back: /m, since);
    await printed(running, /^worker is back: tasks$/m, since);
    const url = addressIn(running.output())!;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);

    expect(await running.stop('SIGINT')).toBe(0);
    expect(running.output().trim().split('\n').slice(-1)).toEqual(['Everything has stopped.']);
    expect(project.postmaster()).toBeUndefined();
    expect(isAlive(killed)).toBe(false);
  },
  TIMEOUT,
);

test.each(['PORT', 'METRICS_PORT'])(
  'a port that is taken (%s) is said before anything is built',
  async (variable) => {
    const project = clone();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(project.folder, '.env'), `${variable}=${port}\n`);
    const running = project.start({ PORT: variable === 'PORT' ? undefined : '0' });
    expect(await running.stopped).toBe(1);
    expect(running.output()).toBe(
      `Port ${port} is taken. End what listens there, or set ${variable} to another port.\n`,
    );
    expect(existsSync(join(project.folder, 'dist'))).toBe(false);
    server.close();
  },
  TIMEOUT,
);

test(
  'the database is opened in psql or told by its URL, which stays the same',
  async () => {
    const project = clone();
    const db = (args: string[], settings = {}) =>
      project.run('scripts/with-database.mjs', ['scripts/db.mjs', ...args], settings);
    const url = db(['--url']);
    expect(url).toMatch(/^postgres:\/\/postgres:\w+@127\.0\.0\.1:\d+\/postgres\n$/);
    // As where psql is not installed.
    expect(db([], { PATH: '/nowhere' })).toBe(url);
    if (hasProgram('psql')) expect(db(['-Atc', 'SELECT 40 + 2'])).toBe('42\n');
    const running = project.start();
    await running.url();
    expect(db(['--url'])).toBe(url);
  },
  TIMEOUT,
);

test(
  'npm run dev survives what is edited, shows what is wrong with it, and restarts once for each edit',
  async () => {
    const project = clone();
    const main = join(project.folder, 'src/main.ts');
    const original = readFileSync(main, 'utf8');
    const port = await freePort();
    const running = project.start({}, ['--watch', `--inspect=${port}`]);
    const url = await running.url();
    for (const [offset, program] of ['main', 'worker'].entries()) {
      const targets = await (await fetch(`http://127.0.0.1:${port + offset}/json/list`)).json();
      expect(targets).toMatchObject([{ title: `dist/src/${program}.js` }]);
    }
    const answer = await fetch(`${url}/api/v1/users`);
    await printed(running, new RegExp(`INFO: request .*"request_id":"${answer.headers.get('x-request-id')}"`));

    const edit = (text: string) => {
      const since = running.output().length;
      writeFileSync(main, text);
      return since;
    };

    let since = edit(`${original}\nconst wrong = ;\n`);
    await printed(running, /Waiting for the next edit\.$/m, since);
    expect(running.output().slice(since)).toMatch(/const wrong = ;\n *: +\^/);
    expect(running.output()).not.toMatch(/backtrace/i);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);

    since = edit(`import { DataSource } from 'typeorm';\nnew DataSource({} as never);\n${original}`);
    await printed(running, /^api did not start: it ended with exit code 1; waiting for the next edit$/m, since);
    const paths = [
      ...running
        .output()
        .slice(since)
        .matchAll(/[( ](?:file:\/\/)?(\/[^:]+):\d+:\d+/g),
    ].map(([, path]) => decodeURI(path!));
    expect(paths).toContain(main);
    expect(paths.join('\n')).toContain('/node_modules/typeorm/');
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);

    since = edit(`${original}\nexport const wrong: number = 'text';\n`);
    await printed(running, /^types +src\/main\.ts.* error TS2322: /m, since);
    await printed(running, /^Programs +\d/m, since);

    since = running.output().length;
    appendFileSync(main, '// An editor saves in several steps.\n');
    writeFileSync(main, original);
    await printed(running, /^types +no errors any more$/m, since);
    await printed(running, /^Programs +\d/m, since);
    expect(running.output().match(/^Programs …$/gm)).toHaveLength(4);
    expect(await running.stop()).toBe(0);
  },
  TIMEOUT,
);

test('the debuggers of .vscode/launch.json look where npm run dev -- --inspect listens', async () => {
  const launch = JSON.parse(readFileSync(join(ROOT, '.vscode/launch.json'), 'utf8')) as {
    configurations: { name: string; port: number }[];
  };
  const { inspectors } = (await import(join(ROOT, 'scripts/start/inspectors.mjs'))) as {
    inspectors: (args: string[]) => { flags: Record<string, string[]> };
  };
  const { flags } = inspectors(['--watch', '--inspect']);
  expect(launch.configurations.map(({ port }) => `--inspect=127.0.0.1:${port}`)).toEqual([
    ...flags.api!,
    ...flags.worker!,
  ]);
});
