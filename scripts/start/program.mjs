/** The API or the worker: a process that is started again when it dies, and whose log is made readable. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pinoPretty from 'pino-pretty';
import { end, launch } from './children.mjs';
import { print } from './steps.mjs';

const SHORTEST_MILLISECONDS = 500;
// Each time that it dies soon doubles the wait for the next one.
const LONGEST_MILLISECONDS = 10_000;
const SOON_MILLISECONDS = 10_000;
const COLOURS = { api: 36, worker: 35, types: 33 };
const SOURCE_MAPS = ['--import', new URL('./source-maps.mjs', import.meta.url).href];

const pretty = pinoPretty.prettyFactory({
  colorize: process.stdout.isTTY,
  ignore: 'pid,hostname,name',
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss',
});

/** @param {string} name @param {string} line as a process wrote it */
export function say(name, line, to = process.stdout) {
  const label = name.padEnd(6);
  const prefix = process.stdout.isTTY ? `\u001b[${COLOURS[name]}m${label}\u001b[0m` : label;
  print(`${prefix} ${line.startsWith('{') ? pretty(line).trimEnd() : line}`, to);
}

export class Program {
  #child;
  #isWanted = false;
  #pause = SHORTEST_MILLISECONDS;

  /** @param {{ flags: string[], env: object, isPatient: boolean }} options isPatient: when it dies at its start it is left so */
  constructor(name, file, { flags, env, isPatient }) {
    this.name = name;
    this.args = [...SOURCE_MAPS, ...flags, file];
    this.env = env;
    this.isPatient = isPatient;
  }

  /** Answers what it says it listens on; rejects when it dies before that. */
  start() {
    this.#isWanted = true;
    const child = launch(this.args, ['ignore', 'pipe', 'pipe', 'ipc'], this.env);
    this.#child = child;
    for (const name of ['stdout', 'stderr']) {
      createInterface({ input: child[name] }).on('line', (line) => say(this.name, line, process[name]));
    }
    let ready;
    return new Promise((done, fail) => {
      child.once('message', ({ listening }) => {
        ready = performance.now();
        done(listening);
      });
      child.once('close', (code, signal) => {
        const reason = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
        if (ready === undefined) fail(new Error(`${this.name} did not start: it ${reason}`));
        else void this.#startAgain(reason, performance.now() - ready < SOON_MILLISECONDS);
      });
    });
  }

  async stop() {
    this.#isWanted = false;
    if (this.#child) await end(this.#child);
  }

  async #startAgain(reason, isSoon) {
    if (!this.#isWanted) return;
    const dead = this.#child;
    this.#pause = isSoon ? Math.min(2 * this.#pause, LONGEST_MILLISECONDS) : SHORTEST_MILLISECONDS;
    say(this.name, `${reason}; starting it again in ${this.#pause / 1_000} s`);
    await sleep(this.#pause);
    // It may have been stopped meanwhile, and even started.
    if (!this.#isWanted || this.#child !== dead) return;
    try {
      say(this.name, `is back: ${await this.start()}`);
    } catch (error) {
      if (this.isPatient) say(this.name, `${error.message}; waiting for the next edit`);
      else await this.#startAgain(error.message, true);
    }
  }
}
