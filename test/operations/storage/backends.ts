/** The storages that there are: a folder, and a server of S3 (https://github.com/versity/versitygw), which go installs. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, freePort, isRefused, until } from '../../support/program.js';
import { describeWith, hasProgram } from '../../support/programs.js';
import { installed } from '../../support/tools.js';

const SERVER = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
const BUCKET = 'files';
const KEYS = { S3_ACCESS_KEY_ID: 'suites', S3_SECRET_ACCESS_KEY: 'a-secret-of-suites' };

export interface Backend {
  /** The settings of a program that uses it. */
  env: Environment;
  /** All files in it, by key. */
  keys(): string[];
  /** Makes all of them older by so many minutes. */
  age(minutes: number): void;
  stop(): Promise<void>;
}

/** The suite for each of them; that of S3 is skipped with a notice where no server can be installed. */
export function describeBackends(suite: (begin: () => Promise<Backend>) => void): void {
  describe('a folder', () => suite(folder));
  const server = serverHere();
  describeWith('server of S3', server !== undefined, 'S3', () => suite(() => s3(server!)));
}

/** The same for S3 alone. */
export function describeS3(name: string, suite: (begin: () => Promise<Backend>) => void): void {
  const server = serverHere();
  describeWith('server of S3', server !== undefined, name, () => suite(() => s3(server!)));
}

/** Where its program is; undefined where it cannot be installed. */
function serverHere(): string | undefined {
  if (!hasProgram('go', 'version')) return undefined;
  try {
    const home = installed([SERVER], (bin) => [['env', `GOBIN=${bin}`, 'go', 'install', SERVER]]);
    return join(home, 'versitygw');
  } catch {
    return undefined;
  }
}

function folder(): Promise<Backend> {
  const home = mkdtempSync(join(tmpdir(), 'files-'));
  return Promise.resolve({ env: { STORAGE_FOLDER: home }, ...filesIn(home), stop: () => Promise.resolve() });
}

/** It keeps its files in a folder, too. */
async function s3(program: string): Promise<Backend> {
  const home = mkdtempSync(join(tmpdir(), 's3-'));
  mkdirSync(join(home, BUCKET));
  const port = await freePort();
  const keys = { ROOT_ACCESS_KEY: KEYS.S3_ACCESS_KEY_ID, ROOT_SECRET_KEY: KEYS.S3_SECRET_ACCESS_KEY };
  const child = spawn(program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', home], {
    env: keys,
    stdio: 'ignore',
  });
  const S3_ENDPOINT = `http://127.0.0.1:${port}`;
  await until(async () => !(await isRefused(S3_ENDPOINT)));
  return {
    env: { ...KEYS, S3_ENDPOINT, S3_BUCKET: BUCKET, S3_REGION: 'us-east-1' },
    ...filesIn(join(home, BUCKET)),
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill();
      }),
  };
}

function filesIn(home: string): Pick<Backend, 'keys' | 'age'> {
  const keys = () =>
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(home.length + 1))
      .toSorted();
  return {
    keys,
    age(minutes) {
      const then = Date.now() / 1_000 - 60 * minutes;
      for (const key of keys()) utimesSync(join(home, key), then, then);
    },
  };
}
