/** A PgBouncer of the suite's own (https://www.pgbouncer.org/config.html). */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from './program.js';
import { describeWith, hasProgram } from './programs.js';

const NOBODY = 65_534;

/** `describe` where there is a PgBouncer to start. */
export function describeWithPgBouncer(name: string, suite: () => void): void {
  describeWith('pgbouncer', hasProgram('pgbouncer'), name, suite);
}

/** Starts one in front of a server, with a database of the same name; gives the URL that leads through it. */
export async function startPgBouncer(
  databaseUrl: string,
  settings: Record<string, string>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const url = new URL(databaseUrl);
  const { hostname, port, username, password } = url;
  const own = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'api-pgbouncer-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(own),
    unix_socket_dir: '',
    auth_type: 'any',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const target = `* = host=${hostname} port=${port} user=${username} password=${password}`;
  writeFileSync(file, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'));
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn('pgbouncer', ['-q', file], { stdio: 'ignore', ...identity });
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  await until(() => isListening(own));
  url.port = String(own);
  return {
    url: url.href,
    async stop() {
      child.kill('SIGKILL');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
