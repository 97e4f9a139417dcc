/** The processes that `npm start` starts. */
import { spawn } from 'node:child_process';

const STOP_MILLISECONDS = 3_000;
const isWindows = process.platform === 'win32';

const steps = new Set();

/** Children get process groups of their own: Ctrl-C reaches only this process, which stops them in order. */
export function launch(args, stdio, env = process.env) {
  return spawn(process.execPath, args, { env, stdio, detached: !isWindows });
}

/** Runs a script to its end. What it printed is the message of the error if it fails. */
export function runToEnd(args, env) {
  return new Promise((done, fail) => {
    const child = launch(args, ['ignore', 'pipe', 'pipe'], env);
    steps.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('close', (code) => {
      steps.delete(child);
      if (code === 0) done();
      else fail(new Error(output.trim() || `${args[0]} failed`));
    });
  });
}

/** Ends what `runToEnd` runs, with whatever it has started itself. */
export async function endSteps() {
  await Promise.all([...steps].map((child) => end(child, isWindows ? child.pid : -child.pid)));
}

/** Ends a process, by force after three seconds. */
export async function end(child, target = child.pid) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once('exit', done));
  const kill = (signal) => {
    try {
      process.kill(target, signal);
    } catch (error) {
      // It has just ended.
      if (error.code !== 'ESRCH') throw error;
    }
  };
  kill('SIGTERM');
  const deadline = setTimeout(kill, STOP_MILLISECONDS, 'SIGKILL');
  await exited;
  clearTimeout(deadline);
}
