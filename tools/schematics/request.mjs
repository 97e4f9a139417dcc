/** What is asked for on the command line. */
import { Refusal } from './refusal.mjs';

export const HELP = `npm run generate -- domain <name> [field …] [flags]
  on a terminal, asks for what is missing if there are no fields
npm run generate -- field <domain> <field …> [--dry-run]
npm run generate -- task <domain> <name> [--dry-run]

A field is name:type:modifier… (no types: title:text:1..80)
  types      text integer decimal boolean enum day instant url email uuid json ref
  ranges     text:1..80 (characters)  integer:0..100  integer:0..  decimal:8.3 (digits, of those after the point)
  values     enum:EUR/USD/GBP         ref:categories (another domain)
  modifiers  optional (may be null)   unique          list (of text, integer, enum, url, email, uuid)

Flags of domain
  --owner user       rows belong to who creates them; without it superusers write them
  --cached           anyone reads, and answers are cached; without it a row is shown to its owner (or to the signed-in)
  --list page|cursor how clients walk the list
  --filter a,b --sort a,b --search a,b   what clients can ask of the list
  --soft-delete      deleted rows can be restored
  --admin            superusers can purge (and restore)
  --permission       holders of a permission can change rows of others (without an owner, instead of superusers alone)
  --plural word      where the plural is irregular
  --dry-run          says what would be written

A new field of a domain that may have rows is optional, as they have no value for it.

Examples
  npm run generate -- domain notes title:text:1..80 body:text:optional --owner user
  npm run generate -- domain articles title:text:1..80 status:enum:draft/public --owner user --cached --sort title
  npm run generate -- field notes subtitle:text:optional
  npm run generate -- task notes recount
`;

const text = { type: 'string' };
const flag = { type: 'boolean' };
const DRY = { 'dry-run': flag };
const OPTIONS = {
  domain: {
    owner: text,
    list: text,
    filter: text,
    sort: text,
    search: text,
    plural: text,
    cached: flag,
    'soft-delete': flag,
    admin: flag,
    permission: flag,
    ...DRY,
  },
  field: DRY,
  task: DRY,
};

const LISTS = ['filter', 'sort', 'search'];

/**
 * @param {typeof import('node:util').parseArgs} parse
 * @param {boolean} [isAsked] whether what is missing is asked for
 * @returns the request, and whether it is only asked what would happen
 */
export function requestOf(command, args, parse, isAsked = false) {
  if (!Object.hasOwn(OPTIONS, command)) {
    throw new Refusal(`There is nothing called ${command} to generate: it is ${Object.keys(OPTIONS).join(', ')}`);
  }
  const { values, positionals } = parsed(args, OPTIONS[command], parse);
  const [name, ...words] = positionals;
  const fields = words.flatMap((one) => one.split(' ')).filter(Boolean);
  if (name === undefined && !isAsked) throw new Refusal(`Name the domain: npm run generate -- ${command} notes`);
  if (command === 'field' && fields.length === 0) {
    throw new Refusal(`Name a field: npm run generate -- field ${name} subtitle:text:optional`);
  }
  if (command === 'task') return [{ name, task: taskOf(name, words) }, values['dry-run'] ?? false];
  const lists = Object.fromEntries(LISTS.filter((one) => values[one]).map((one) => [one, values[one].split(',')]));
  const { 'soft-delete': softDelete, 'dry-run': isDry = false, ...others } = values;
  return [{ name, fields, ...others, softDelete, ...lists }, isDry];
}

function taskOf(name, words) {
  if (words.length !== 1) throw new Refusal(`Name one task: npm run generate -- task ${name} recount`);
  return words[0];
}

function parsed(args, options, parse) {
  try {
    return parse({ args, options, allowPositionals: true });
  } catch ({ message }) {
    throw new Refusal(message.split('. ')[0]);
  }
}
