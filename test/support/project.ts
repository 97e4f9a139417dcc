/** Copies of the project, run with `npm start`'s own script by somebody who has just cloned it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Environment, until } from './program.js';

const ROOT = join(__dirname, '../..');
const FILES = [
  'src',
  'migrations',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
  '.swcrc',
];
const START_MILLISECONDS = 60_000;

export interface Running {
  child: ChildProcess;
  output(): string;
  /** Where the API listens, once the summary is printed. */
  url(): Promise<string>;
  /** The pids of the API and the worker. */
  programs(): number[];
  programNamed(name: 'main' | 'worker'): number | undefined;
  /** Its exit code. */
  stopped: Promise<number | null>;
  /** Sends a signal and answers with the exit code, or null if the signal itself ended the process. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export class Project {
  private readonly parent = mkdtempSync(join(tmpdir(), 'api-start-'));
  readonly folder = join(this.parent, 'my project (1)');
  private readonly started: Running[] = [];

  constructor() {
    chmodSync(this.parent, 0o755);
    mkdirSync(this.folder);
    for (const name of FILES) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    // An installation would go through the link and wipe the packages of the project itself.
    const refusal =
      '#!/bin/sh\necho "npm must not run in a copy: the packages are not those of the lock file" >&2\nexit 1\n';
    writeFileSync(join(this.parent, 'npm'), refusal, { mode: 0o755 });
  }

  /** `npm start` without any settings but a free port and cheap password hashes. */
  start(settings: Environment = {}, args: string[] = []): Running {
    const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
      cwd: this.folder,
      env: this.environment(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const running = runningOf(child);
    this.started.push(running);
    return running;
  }

  /** Runs another script to its end, and answers what it prints. */
  run(script: string, args: string[], settings: Environment = {}): string {
    const options = { cwd: this.folder, env: this.environment(settings), encoding: 'utf8' } as const;
    return execFileSync(process.execPath, [script, ...args], options);
  }

  /** The pid of the database, if there is one. */
  postmaster(): number | undefined {
    const file = join(this.folder, '.data/postgres/postmaster.pid');
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
    return isAlive(pid) ? pid : undefined;
  }

  private environment(settings: Environment): Environment {
    const { PATH, HOME } = process.env;
    return { PATH: `${this.parent}${delimiter}${PATH}`, HOME, PORT: '0', BCRYPT_COST: '4', ...settings };
  }

  async remove(): Promise<void> {
    await Promise.all(this.started.map((running) => running.stop()));
    const pid = this.postmaster();
    if (pid !== undefined) {
      process.kill(pid, 'SIGINT');
      await until(() => !isAlive(pid));
    }
    rmSync(this.parent, { recursive: true, force: true });
  }
}

/**
 * Clones for the tests of a file; each is removed after its test, so that no process of one is left behind, whatever goes
 * wrong with another.
 * @param milliseconds how long that may take
 */
export function useProjects(milliseconds: number): () => Project {
  const projects: Project[] = [];
  afterEach(async () => {
    const removals = await Promise.allSettled(projects.splice(0).map((project) => project.remove()));
    expect(removals.filter(({ status }) => status === 'rejected')).toEqual([]);
  }, milliseconds);
  return () => {
    const project = new Project();
    projects.push(project);
    return project;
  };
}

function runningOf(child: ChildProcess): Running {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    child,
    stopped: ended,
    output: () => text,
    async url() {
      await until(() => !isRunning() || text.includes('Ctrl-C'), START_MILLISECONDS, 'the summary of npm start');
      const url = /^API\s+(\S+)\/api\/v1$/m.exec(text)?.[1];
      if (!url) throw new Error(`npm start did not get there: ${text}`);
      return url;
    },
    programs: () => programsOf(child, 'main|worker'),
    programNamed: (name) => programsOf(child, name)[0],
    stop(signal = 'SIGTERM') {
      if (isRunning()) child.kill(signal);
      return ended;
    },
  };
}

function programsOf({ pid }: ChildProcess, names: string): number[] {
  const isOne = new RegExp(`dist/src/(${names})\\.js`);
  return childrenOf(pid!).filter((one) => isOne.test(commandOf(one)));
}

/** Whether a process runs; a dead one that nobody has asked for its exit code yet does not. */
export function isAlive(pid: number): boolean {
  return !['', 'Z'].includes(ps('stat', pid).slice(0, 1));
}

function commandOf(pid: number): string {
  return ps('args', pid);
}

function childrenOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-Ao', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid!);
}

function ps(field: string, pid: number): string {
  try {
    return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
