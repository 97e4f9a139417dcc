/** Asks on a terminal for what nobody has said of a domain. What is refused is told, and asked for again. */
import { createInterface } from 'node:readline';
import { Refusal } from '../../tools/schematics/refusal.mjs';

const yes = (value) => (answer) => {
  if (/^y(es)?$/i.test(answer)) return value;
  if (answer === '' || /^no?$/i.test(answer)) return undefined;
  throw new Refusal('Answer y or n');
};
const columns = (answer) => (answer === '' ? undefined : answer.split(/[\s,]+/));

// By the property of the request: its flag, the question, and what the answer stands for.
const FLAGS = {
  owner: ['owner user', 'Does a row belong to the user who creates it? [y/N]', yes('user')],
  cached: ['cached', 'Can anyone read the rows? [y/N]', yes(true)],
  softDelete: ['soft-delete', 'Can deleted rows be restored? [y/N]', yes(true)],
  admin: ['admin', 'Can superusers purge rows? [y/N]', yes(true)],
  permission: ['permission', 'Is there a permission to change rows of others? [y/N]', yes(true)],
  list: ['list', 'Do clients walk the list by page or by cursor? [page]', (answer) => answer || undefined],
  filter: ['filter', 'Fields to filter the list by, such as size,colour [none]', columns],
  sort: ['sort', 'Fields to sort the list by [none]', columns],
  search: ['search', 'Fields to search for words [none]', columns],
};

/**
 * @param {{ name?: string, fields: string[] }} given
 * @param {(request: object) => unknown} check throws a refusal for what cannot be
 */
export async function completed(given, check) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.on('SIGINT', () => terminal.close());
  const lines = terminal[Symbol.asyncIterator]();
  const request = { ...given };
  const ask = (question, take) => answered(terminal, lines, question, take);
  const checked = (changes) => check({ ...request, ...changes }) && Object.assign(request, changes);
  if (!request.name) await ask('Name of the domain, such as notes', (name) => checked({ name }));
  await askForFields(request, ask, checked);
  for (const [key, [, question, valueOf]] of Object.entries(FLAGS)) {
    if (request[key] === undefined) await ask(question, (answer) => checked({ [key]: valueOf(answer) }));
  }
  terminal.close();
  process.stdout.write(`This is: npm run generate -- domain ${wordsOf(request).join(' ')}\n`);
  return request;
}

/** One after the other, until none is given. */
async function askForFields(request, ask, checked) {
  const add = (answer) => {
    const more = answer.split(' ').filter(Boolean);
    checked({ fields: [...request.fields, ...more] });
    return more.length > 0;
  };
  const first =
    'First field, such as size:integer:optional; npm run generate -- --help has all types [title:text:1..80]';
  for (let more = await ask(first, add); more;) more = await ask('Another field [none]', add);
}

/** Asks until the answer is taken. Whoever ends the input has nothing written. */
async function answered(terminal, lines, question, take) {
  for (;;) {
    terminal.setPrompt(`${question}: `);
    terminal.prompt();
    const { value, done } = await lines.next();
    if (done) stop();
    try {
      return take(value.trim());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      process.stdout.write(`${error.message}\n`);
    }
  }
}

function stop() {
  process.stderr.write('\nNothing was written.\n');
  process.exit(1);
}

function wordsOf(request) {
  const flags = Object.entries(FLAGS).filter(([key]) => request[key] !== undefined);
  const wordOf = ([key, [flag]]) => {
    const value = request[key];
    return `--${flag}${key !== 'owner' && value !== true ? ` ${value}` : ''}`;
  };
  return [request.name, ...request.fields, ...flags.map(wordOf)];
}
