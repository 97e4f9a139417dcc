/** Programs with as much memory as a container gives them: 512 MB, after which they are killed. */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Begun, begin, type Environment } from './program.js';

const LIMIT_BYTES = 512 * 1024 * 1024;
// What V8 takes for itself where it sees a limit of 512 MB.
const HEAP_MEGABYTES = 259;
const LOOK_MILLISECONDS = 20;

const VERSIONS = [
  { limit: 'memory.max', swap: 'memory.swap.max', noSwap: 0, peak: 'memory.peak', parent: () => '/sys/fs/cgroup' },
  {
    limit: 'memory.limit_in_bytes',
    swap: 'memory.memsw.limit_in_bytes',
    noSwap: LIMIT_BYTES,
    peak: 'memory.max_usage_in_bytes',
    parent: ownGroup,
  },
];
let made = 0;

interface Group {
  folder: string;
  peak: string;
}

export interface Limited extends Begun {
  /** The most memory that it has had so far, in megabytes. */
  peak(): number;
  isAlive(): boolean;
}

/** What holds a program to its memory here. */
export const LIMITED_BY = tryGroup();

/**
 * Starts a program in a control group with 512 MB. Where none can be made, as for an ordinary user, its resident memory
 * is looked at fifty times a second instead: that leaves out what the kernel keeps for its sockets, and short peaks.
 */
export function beginLimited(entry: string, env: Environment): Limited {
  const group = makeGroup();
  const heap = group ? {} : { NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}` };
  const program = begin(entry, { ...env, ...heap }, [], group && through(group));
  const { child } = program;
  let highest = 0;
  const peak = () => (highest = Math.max(highest, group ? peakOf(group) : residentOf(child.pid!)));
  const timer = setInterval(() => peak() > LIMIT_BYTES && !group && child.kill('SIGKILL'), LOOK_MILLISECONDS);
  child.once('close', () => {
    clearInterval(timer);
    if (group) remove(group);
  });
  return {
    ...program,
    peak: () => Math.round(peak() / 1024 / 1024),
    isAlive: () => child.exitCode === null && child.signalCode === null,
  };
}

/** A shell that moves into the group before it becomes the program, which so sees its limit from the beginning. */
function through({ folder }: Group): string[] {
  return ['/bin/sh', '-c', 'echo $$ > "$0"; exec "$@"', join(folder, 'cgroup.procs')];
}

function tryGroup(): string {
  const group = makeGroup();
  if (group) remove(group);
  return group ? 'a control group' : 'a look at its resident memory';
}

function makeGroup(): Group | undefined {
  for (const { limit, swap, noSwap, peak, parent } of VERSIONS) {
    const folder = join(parent(), `api-${process.pid}-${++made}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    if (write(folder, limit, LIMIT_BYTES)) {
      // Not every kernel counts swap.
      write(folder, swap, noSwap);
      return { folder, peak };
    }
    remove({ folder, peak });
  }
  return undefined;
}

function write(folder: string, file: string, value: number): boolean {
  try {
    writeFileSync(join(folder, file), String(value), { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

function remove({ folder }: Group): void {
  try {
    rmdirSync(folder);
  } catch {
    // Empty, and gone with the machine.
  }
}

function ownGroup(): string {
  const [, path = ''] = /^\d+:[\w,]*\bmemory\b[\w,]*:(.*)$/m.exec(read('/proc/self/cgroup')) ?? [];
  return join('/sys/fs/cgroup/memory', path);
}

function peakOf({ folder, peak }: Group): number {
  return Number(read(join(folder, peak)));
}

function residentOf(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
