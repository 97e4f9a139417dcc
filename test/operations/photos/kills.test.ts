/** APIs that are killed when they have stored the files of a photo and not yet committed its row, and what is swept then. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, startApi, type User } from '../../support/api.js';
import { ROOT } from '../../support/clone.js';
import { holdLocks } from '../../support/locks.js';
import { type Program, start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { DOT } from '../../photos/images.js';
import { pathIn, pathOf, put, read } from '../../photos/photos.js';
import { runNow } from '../../tasks/clean-ups.js';
import { type Backend, describeBackends } from '../storage/backends.js';

// Each takes a start of the API: PHOTO_KILLS=100 takes several minutes.
const KILLS = Number(process.env.PHOTO_KILLS ?? 6);
const SIZES = 3;
const PROGRAM = join(ROOT, 'dist/src/photos/rendering/render.process.js');

/** Whether a process that renders a photo is left, on systems that tell. */
function isRendering(): boolean {
  const pids = existsSync('/proc/self/cmdline') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.some((pid) => commandOf(pid).includes(PROGRAM));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describeBackends((begin) => {
  let backend: Backend;
  let api: Api;
  let worker: Program;
  let users: User[];
  beforeAll(async () => {
    backend = await begin();
    api = await startApi(backend.env);
    worker = await start('worker', api.env);
    users = await Promise.all(Array.from({ length: 3 }, () => api.signUp()));
  });
  afterAll(async () => {
    await worker.stop();
    await api.stop();
    await backend.stop();
  });

  const sweep = () => runNow({ api }, 'stray_photos');

  async function rows(): Promise<string[]> {
    return (await api.database.query<{ name: string }>('SELECT name FROM photo')).map(({ name }) => name);
  }

  /** Every file has a row, and every row its files. */
  async function expectAgreement(): Promise<void> {
    const names = (await rows()).flatMap((name) => [1_024, 256, 64].map((size) => `photos/${name}-${size}.webp`));
    expect(backend.keys()).toEqual(names.toSorted());
  }

  /** Kills an API while photos wait for the row of their user, which somebody else holds. */
  async function killWhileStored(): Promise<void> {
    const killed = await start('main', api.env);
    const before = backend.keys().length;
    const release = await holdLocks(api.database, 'SELECT 1 FROM "user" FOR UPDATE');
    const sent = users.map(({ token, username }) =>
      send(killed.url, { method: 'PUT', path: pathOf({ username }), token, body: DOT, type: 'image/png' }).catch(
        () => 0,
      ),
    );
    await until(() => backend.keys().length >= before + SIZES);
    await sleep(Math.random() * 500);
    await killed.stop('SIGKILL');
    await Promise.all(sent);
    await release();
  }

  test(`${KILLS} killed APIs leave no file without a row, and no row without its files`, async () => {
    const { body: kept } = await put(users[0]!, DOT).expect(200);
    for (let kill = 0; kill < KILLS; kill++) await killWhileStored();
    await until(() => !isRendering());
    const left = backend.keys().length;
    expect(left).toBeGreaterThanOrEqual(SIZES * (KILLS + 1));
    expect(await rows()).toEqual([pathIn(kept).split('/').at(-1)]);
    await sweep();
    expect(backend.keys()).toHaveLength(left);
    backend.age(61);
    expect(await sweep()).toEqual({ deleted: left - SIZES });
    await expectAgreement();
    await read(api, pathIn(kept));
    process.stderr.write(`${KILLS} APIs killed between store and commit: ${left - SIZES} files swept, none left\n`);
  }, 3_600_000);

  test('the files of a purged account go with the next sweep, and old ones of others stay', async () => {
    const user = await api.signUp();
    await put(user, DOT).expect(200);
    await put(users[1]!, DOT).expect(200);
    await api.database.query('DELETE FROM "user" WHERE id = $1', [user.id]);
    backend.age(61);
    expect(await sweep()).toEqual({ deleted: SIZES });
    await expectAgreement();
    await read(api, pathOf(users[1]!));
  });

  test('a photo that is replaced, or deleted, leaves no file', async () => {
    for (let n = 0; n < 2; n++) await put(users[2]!, DOT).expect(200);
    await expectAgreement();
    await users[2]!.agent.delete(pathOf(users[2]!)).expect(204);
    await expectAgreement();
  });
});
