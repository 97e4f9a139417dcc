/**
 * Who uses the machine's processors: the programs that this run of tests has started, or others. The process of the suite
 * itself is one of the others, as are the clients in it: those who use an API do it on machines of their own.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** In ticks of the system. */
interface Use {
  /** By the programs of this run. */
  own: number;
  /** By everybody, the host of a virtual machine included. */
  all: number;
  /** What there was. */
  total: number;
}

/**
 * Begins to watch; the answer tells how much slower than alone on the machine the programs were since then: 2 where others had
 * half of its processors. It is 1 where there is no `/proc`.
 */
export function watchOthers(): () => number {
  if (!existsSync('/proc/stat')) return () => 1;
  const before = use();
  return () => {
    const now = use();
    const others = now.all - before.all - (now.own - before.own);
    const total = now.total - before.total;
    return total / (total - Math.max(0, others));
  };
}

function use(): Use {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, , , steal = 0] = numbers(
    read('/proc/stat').split('\n')[0]!,
  );
  const all = user + nice + system + steal;
  return { own: ownTicks(), all, total: all + idle + iowait };
}

/** Of all that come from the process that has started this one, but for this one: PostgreSQL is among them. */
function ownTicks(): number {
  const processes = new Map(
    readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? [[Number(pid), statOf(pid)]] : [])),
  );
  const isOwn = (pid: number): boolean => pid === process.ppid || (pid > 1 && isOwn(processes.get(pid)?.parent ?? 0));
  return [...processes].reduce((sum, [pid, { ticks }]) => sum + (isOwn(pid) && pid !== process.pid ? ticks : 0), 0);
}

/** Its parent, and what it and its children that have ended have used. */
function statOf(pid: string): { parent: number; ticks: number } {
  // What follows the name, which may have blanks and brackets in it.
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return { parent: Number(fields[1]), ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) };
}

function numbers(line: string): number[] {
  return line.split(/\s+/).slice(1).map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
