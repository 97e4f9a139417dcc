/**
 * Where a suite runs: Jest's usual environment, in which a test that fails also tells the answers that it got last, with
 * what the API has logged of them, in which no failure is longer than a page, and no process outlives its suite.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

// Of Jest's own packages, which npm may put anywhere.
const { TestEnvironment } = createRequire(createRequire(import.meta.url).resolve('jest'))('jest-environment-node');

const ANSWERED = 'http.client.response.finish';
const STARTED = 'child_process';
const LAST = 3;
const BODY_CHARACTERS = 1_000;
const PAGE_CHARACTERS = 6_000;
const LOG_MILLISECONDS = 500;

export default class TellingEnvironment extends TestEnvironment {
  #answers = [];
  #children = [];
  #watch = ({ process: child }) => void this.#children.push(child);
  #remember = ({ request, response }) => void this.#answers.push(overheard(request, response));

  async setup() {
    await super.setup();
    // What programs have written, which test/support/program.ts adds to.
    this.global.outputs = [];
    subscribe(ANSWERED, this.#remember);
    subscribe(STARTED, this.#watch);
  }

  async teardown() {
    unsubscribe(ANSWERED, this.#remember);
    unsubscribe(STARTED, this.#watch);
    // A test that fails may not get as far as ending them, and they would keep Jest from ending.
    for (const child of this.#children) if (isLeft(child)) child.kill('SIGKILL');
    await super.teardown();
  }

  async handleTestEvent({ name, error }) {
    if (name === 'test_start') this.#answers = [];
    if (name === 'test_fn_failure' || name === 'hook_failure') await this.#tell(error);
  }

  async #tell(error) {
    if (typeof error?.stack !== 'string') return;
    const { message } = error;
    const answers = this.#answers.slice(-LAST);
    if (answers.at(-1)?.id) await this.#logged(answers.at(-1).id);
    const told = [shortened(message), ...answers.map((answer) => this.#textOf(answer))].join('\n\n');
    const stack = error.stack;
    error.message = told;
    // Both sides whole, once more.
    delete error.matcherResult;
    error.stack = stack.includes(message) ? stack.replace(message, () => told) : `${told}\n${stack}`;
  }

  /** An answer is here before its line in the log. */
  async #logged(id) {
    for (let waited = 0; waited < LOG_MILLISECONDS && this.#lines(id).length === 0; waited += 20) await sleep(20);
  }

  #lines(id) {
    const named = `"request_id":${JSON.stringify(id)}`;
    return this.global.outputs.flatMap((output) =>
      output()
        .split('\n')
        .filter((line) => line.includes(named)),
    );
  }

  #textOf({ id, head, chunks }) {
    const body = Buffer.concat(chunks).toString();
    return [head, shortened(body, BODY_CHARACTERS), ...(id ? this.#lines(id) : [])].filter(Boolean).join('\n');
  }
}

/** Programs that suites share end with the worker. */
const isLeft = ({ pid, exitCode, signalCode, isShared }) =>
  pid && exitCode === null && signalCode === null && !isShared;

/** What comes of an answer, without reading it instead of the one who asked. */
function overheard({ method, path }, response) {
  const chunks = [];
  const push = response.push.bind(response);
  response.push = (chunk, encoding) => {
    if (chunk && chunks.length < LAST) chunks.push(Buffer.from(chunk, encoding));
    return push(chunk, encoding);
  };
  return {
    head: `${method} ${path} was answered with ${response.statusCode}`,
    id: response.headers['x-request-id'],
    chunks,
  };
}

/** Its beginning and its end. */
export function shortened(text, most = PAGE_CHARACTERS) {
  if (text.length <= most) return text;
  const half = most / 2;
  return `${text.slice(0, half)}\n… ${text.length - most} characters are left out …\n${text.slice(-half)}`;
}
