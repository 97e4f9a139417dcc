/** A clone of the project with a `.env` of its own, and the containers of docker-compose.yml under a name of their own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv, promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const NOT_CLONED = new Set(
  ['.git', '.data', '.env', 'node_modules', 'dist', 'coverage'].map((name) => join(ROOT, name)),
);
// What is built is given the network of the host, as some machines reach a registry only from there.
const NETWORK_FILE = 'network.yml';
const BUILT = ['migrate', 'tests', 'dev'];
const OUTPUT_BYTES = 64 * 1024 * 1024;

const execute = promisify(execFile);

/** How Compose is called here, or undefined where it, or a Docker engine that answers, is missing. */
export async function findCompose() {
  if (!(await succeeds('docker', ['info']))) return undefined;
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose'];
  return (await succeeds('docker-compose', ['version'])) ? ['docker-compose'] : undefined;
}

/** A stack that is not up yet. */
export class Stack {
  /** @param {string[]} command that Compose is called by */
  constructor(command, port) {
    this.folder = mkdtempSync(join(tmpdir(), 'api-containers-'));
    this.name = basename(this.folder).toLowerCase();
    this.image = `${this.name}:test`;
    this.url = `http://127.0.0.1:${port}`;
    this.command = [...command, '-p', this.name];
    this.env = {
      ...process.env,
      COMPOSE_FILE: `docker-compose.yml:${NETWORK_FILE}`,
      IMAGE: this.image,
      PORT: String(port),
    };
    // A variable of the shell would win over .env.
    for (const name of ['SECRET_KEY', 'REDIS_PASSWORD', 'ADMIN_PASSWORD', 'ENVIRONMENT']) delete this.env[name];
    for (const name of Object.keys(this.env)) if (name.startsWith('POSTGRES_')) delete this.env[name];
  }

  /** What the README has an operator type; the load that follows must not meet the limits. */
  async clone() {
    cpSync(ROOT, this.folder, { recursive: true, filter: (source) => !NOT_CLONED.has(source) });
    const file = join(this.folder, '.env');
    cpSync(join(this.folder, '.env.example'), file);
    await this.run('sh', ['scripts/env-init.sh']);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^(DEFAULT_RATE_LIMIT_LIMIT)=.*/m, '$1=0'));
    const services = Object.fromEntries(BUILT.map((name) => [name, { build: { network: 'host' } }]));
    writeFileSync(join(this.folder, NETWORK_FILE), JSON.stringify({ services }));
  }

  get settings() {
    return parseEnv(readFileSync(join(this.folder, '.env'), 'utf8'));
  }

  compose(...args) {
    return this.run(this.command[0], [...this.command.slice(1), ...args]);
  }

  docker(...args) {
    return this.run('docker', args);
  }

  /** Runs lines of the docs as a shell does. */
  type(lines) {
    return this.run('sh', ['-c', lines.replaceAll('docker compose', this.command.join(' '))]);
  }

  /** Runs a script from standard input in a container of the image beside the others. */
  beside(script, ...args) {
    return this.run('docker', [...this.besideArgs, ...args], script);
  }

  get besideArgs() {
    const node = ['node', '--input-type=module', '-'];
    return ['run', '--rm', '-i', '--network', `${this.name}_default`, this.image, ...node];
  }

  /** Runs a shell command in the container of a service. */
  within(service, command) {
    return this.compose('exec', '-T', service, 'sh', '-c', command);
  }

  /** What Docker knows of a service's container, also of one that has ended. */
  async inspect(service) {
    const id = (await this.compose('ps', '-a', '-q', service)).split('\n')[0];
    return JSON.parse(await this.docker('inspect', id))[0];
  }

  /** From whatever is there to ready, as the README has an operator type it. */
  async up() {
    await this.compose('run', '--rm', 'migrate');
    await this.compose('up', '-d');
    await this.ready();
  }

  async ready() {
    await until(async () => {
      const answer = fetch(`${this.url}/health/ready`).catch(() => undefined);
      // A connection that Docker takes for a program that does not listen yet may leave fetch without an end.
      return (await Promise.race([answer, sleep(1_000)]))?.status === 200;
    }, 90_000);
  }

  /** The JSON of an answer that must have this status. */
  async ask(method, path, { body, token }, status) {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const options = { method, headers, body: body && JSON.stringify(body) };
    const answer = await fetch(this.url + path, options);
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  /** Leaves nothing behind but the layers that the next build can use. */
  async remove() {
    await this.compose('--profile', 'create_superuser', 'down', '-v', '--remove-orphans').catch(() => undefined);
    const images = await this.docker('image', 'ls', '-q', this.name).catch(() => '');
    if (images) await this.docker('image', 'rm', '-f', ...images.split('\n')).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Standard output; throws with what the command said if it fails. */
  async run(file, args, input) {
    const child = execute(file, args, { cwd: this.folder, env: this.env, maxBuffer: OUTPUT_BYTES });
    child.child.stdin.end(input);
    try {
      return (await child).stdout.trim();
    } catch (cause) {
      const { message, stdout = '', stderr = '' } = cause;
      throw new Error(`${message.split('\n', 1)[0]}\n${stdout}${stderr}`, { cause });
    }
  }
}

export async function until(holds, milliseconds) {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not after ${milliseconds} ms: ${holds}`);
    await sleep(100);
  }
}

function succeeds(file, args) {
  return execute(file, args).then(
    () => true,
    () => false,
  );
}
