/** A Redis of the suite's own, which can hang, die and come back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from './program.js';
import { describeWith, hasProgram } from './programs.js';

export const HOST = '127.0.0.1';

type RedisSettings = Record<string, string | number>;

export interface TestRedis {
  port: number;
  /** Answers nothing more, but keeps its connections. */
  hang(): void;
  goOn(): void;
  /** Sends one command as a line; gives the beginning of the answer. */
  tell(command: string): Promise<string>;
  /** Ends it at once, and all that it knows with it unless it was given a folder. */
  kill(): Promise<void>;
}

/** `describe` where there is a Redis to start. */
export function describeWithRedis(name: string, suite: () => void): void {
  describeWith('redis-server', hasProgram('redis-server'), name, suite);
}

/** Starts a Redis on a free port unless it is to come back on one: empty, or with what it has written in the folder given. */
export async function startRedis(port?: number, kept?: string, settings: RedisSettings = {}): Promise<TestRedis> {
  const own = port ?? (await freePort());
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'api-redis-'));
  const durability = { save: '', appendonly: kept ? 'yes' : 'no', appendfsync: 'always' };
  const args = Object.entries({ port: own, bind: HOST, dir: folder, ...durability, ...settings });
  const child = spawn(
    'redis-server',
    args.flatMap(([name, value]) => [`--${name}`, ...String(value).split(' ')]),
    { stdio: 'ignore' },
  );
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  await until(() => isAnswering(own, child));
  return {
    port: own,
    hang: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    tell: (command) => tell(own, command),
    async kill() {
      child.kill('SIGKILL');
      await closed;
      if (!kept) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isAnswering(port: number, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
  return (await tell(port, 'PING').catch(() => '')).startsWith('+PONG');
}

export function tell(port: number, command: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, HOST, () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      socket.destroy();
      done(String(data));
    });
    socket.once('error', fail);
  });
}
