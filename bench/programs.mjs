/** Programs to measure, each a process of its own that tells where it listens. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export function start(file, env) {
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    child.once('message', ({ listening }) => {
      const { pid } = child;
      const startSeconds = usageOf(pid).seconds;
      done({ url: listening, pid, startSeconds, ask: (message) => ask(child, message), stop: () => stop(child) });
    });
    child.once('exit', (code) => fail(new Error(`${file} ended with ${code}`)));
  });
}

/** Sends a message and waits for the answer. */
function ask(child, message) {
  child.send(message);
  return new Promise((done) => child.once('message', done));
}

function stop(child) {
  return new Promise((done) => {
    child.once('exit', done);
    child.disconnect();
  });
}

/** Seconds of processor time so far and resident megabytes, of the process and those that it has started. */
export function usageOf(pid) {
  const rows = execFileSync('ps', ['-o', 'pid=,ppid=,rss=', '-A'], { encoding: 'utf8' }).trim().split('\n');
  const own = rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .filter(([id, parent]) => id === pid || parent === pid);
  const megabytes = own.reduce((sum, [, , kilobytes]) => sum + kilobytes, 0) / 1024;
  // Of children that have ended, the parent knows; those of PostgreSQL come and go.
  const ended = statOf(pid).ended;
  return { seconds: own.reduce((sum, [id]) => sum + statOf(id).seconds, ended), megabytes };
}

/** The parent of a process. */
export function parentOf(pid) {
  return statOf(pid).parent;
}

/** Linux tells it in hundredths of a second; elsewhere nobody does. */
function statOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').map(Number);
    const [, parent] = fields;
    const [user, system, endedUser, endedSystem] = fields.slice(11);
    return { parent, seconds: (user + system) / 100, ended: (endedUser + endedSystem) / 100 };
  } catch {
    return { parent: 0, seconds: 0, ended: 0 };
  }
}
