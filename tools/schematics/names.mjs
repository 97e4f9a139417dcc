/** What a domain and its parts are called, and the names that cannot be taken. */
import pluralize from 'pluralize';
import { Refusal } from './refusal.mjs';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST = 40;

const words = (text) => text.trim().split(/\s+/);
const TYPESCRIPT = words(`
  abstract any as async await boolean break case catch class const constructor continue debugger declare default delete
  do else enum export extends false finally for from function get if implements import in instanceof interface is keyof
  let module namespace never new null number object of package private protected prototype public readonly require
  return set static string super switch symbol this throw true try type typeof undefined unique unknown var void while
  with yield array date error map promise`);
const SQL = words(`
  all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate
  collation column concurrently constraint create cross current current_date current_role current_time current_user
  default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike
  in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
  notnull null offset on only or order outer overlaps placing primary references returning right select session_user
  similar some symmetric table then to trailing true union unique user using variadic verbose when where window with`);
const API = words('admin api auth docs health lab login logout me metrics migration platform redoc support');
// What the files of a domain import by the name of a class.
const IMPORTED = words(`
  entity index relation crud filter precondition transaction injectable controller body param query patch bool day
  decimal email instant integer label optional text uuid nullable caller public superuser requires owner-or responds cached invalidates
  numbered-page keyset-page page-query`);
const FIELDS = words(`
  id created_at updated_at is_deleted deleted_at created_by_user_id creator search_document page items_per_page after
  sort search`);

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const pascal = (kebab) => kebab.split('-').map(capital).join('');
const camel = (kebab) => kebab.replace(/-./g, (two) => two[1].toUpperCase());
const snake = (kebab) => kebab.replaceAll('-', '_');

/** @returns `order_line` as `OrderLine` */
export const pascalOf = (name) => pascal(name.replaceAll('_', '-'));

/** @returns a word with its article */
export const withArticle = (word) => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;

/**
 * @param {string} given such as `order-lines`
 * @param {string} [irregular] its plural, where the library has another
 */
export function namesOf(given, irregular) {
  for (const name of [given, ...(irregular === undefined ? [] : [irregular])]) requireName(name, 'domain');
  const singular = irregular === given ? singularOf(given) : irregular ? given : singularOf(given);
  const plural = irregular ?? pluralOf(singular);
  for (const name of new Set([given, singular, plural])) refuseReserved(name);
  return wordsOf(singular, plural);
}

/** Refuses names that a folder or a file cannot have here. */
export function requireName(name, what) {
  if (KEBAB.test(name) && name.length <= LONGEST) return;
  throw new Refusal(
    `${name} is no name of a ${what}: it takes lower-case words of a-z and 0-9 joined by hyphens, such as order-lines, and at most ${LONGEST} characters`,
  );
}

/** Every form in which a domain is named. */
export function wordsOf(singular, plural) {
  return {
    singular,
    plural,
    Entity: pascal(singular),
    Entities: pascal(plural),
    entities: camel(plural),
    table: snake(singular),
    tables: snake(plural),
    constant: snake(singular).toUpperCase(),
    word: singular.replaceAll('-', ' '),
    words: plural.replaceAll('-', ' '),
  };
}

/** Only the last word has a plural. */
const lastWord = (change) => (kebab) => kebab.replace(/[a-z0-9]+$/, (word) => change(word));
const singularOf = lastWord((word) => pluralize.singular(word));
const pluralOf = lastWord((word) => pluralize.plural(word));

function refuseReserved(name) {
  const reserved = [
    ['TypeScript', [...TYPESCRIPT, ...IMPORTED]],
    ['SQL', SQL],
    ['the API', API],
  ];
  const [whose] = reserved.find(([, taken]) => taken.includes(name)) ?? [];
  if (whose) throw new Refusal(`${name} is a reserved word of ${whose}: add a word, such as customer-${name}`);
}

/** Refuses names that a column, a property or a parameter cannot have. */
export function requireFieldName(name) {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > LONGEST) {
    throw new Refusal(
      `${name} is no name of a field: it takes lower-case words joined by underscores, such as unit_price`,
    );
  }
  if (FIELDS.includes(name)) throw new Refusal(`${name} is a field that the domain has by itself`);
  const whose = SQL.includes(name) ? 'SQL' : TYPESCRIPT.includes(name) && name !== 'date' ? 'TypeScript' : undefined;
  if (whose)
    throw new Refusal(`${name} is a reserved word of ${whose}: name the field otherwise, such as ${name}_name`);
}
