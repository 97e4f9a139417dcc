/** What a domain takes: the files to write and the lines to add, from a name, fields and options. It touches nothing. */
import { fieldsOf } from './fields.mjs';
import { namesOf, pascalOf } from './names.mjs';
import { Refusal } from './refusal.mjs';
import { adminControllerFile, controllerFile } from './routes.mjs';
import { dtoFile, entityFile, errorsFile } from './storage.mjs';
import { factsFile, testFile } from './suites.mjs';
import { guardFile, moduleFile, permissionsFile, serviceFile, tasksModuleFile } from './wiring.mjs';

const DEFAULT_FIELDS = ['title:text:1..80'];
const LONGEST_IDENTIFIER = 63;
const ENTITY_FILE = /^src\/([^/]+)\/([^/]+)\.entity\.ts$/;

/**
 * @param {{ name: string, fields: string[], plural?: string, owner?: string, list?: string, filter?: string[],
 *   sort?: string[], search?: string[], cached?: boolean, softDelete?: boolean, admin?: boolean,
 *   permission?: boolean }} request
 * @param {Map<string, string>} sources the texts of src and test by path
 * @returns {{ names: object, migration: object, files: Map<string, string>,
 *   insertions: { path: string, line: string, before: RegExp }[] }}
 */
export function plan(request, sources) {
  const names = namesOf(request.name, request.plural);
  refuseTaken(names, sources);
  const texts = request.fields.length > 0 ? request.fields : DEFAULT_FIELDS;
  const fields = fieldsOf(texts, names, domainsIn(sources));
  const domain = { ...optionsOf(request, fields), permission: permissionOf(request, names), names, fields };
  domain.indexes = indexesOf(domain);
  const search = domain.search?.map(({ column }) => column);
  return {
    names,
    migration: { slug: `create-${names.singular}`, table: names.table, search },
    files: filesOf(domain),
    insertions: insertionsOf(domain),
  };
}

function optionsOf(request, fields) {
  const { owner, list = 'page', cached: isPublic = false, softDelete = false } = request;
  if (owner !== undefined && owner !== 'user') throw new Refusal(`--owner takes user, not ${owner}`);
  if (!['page', 'cursor'].includes(list)) throw new Refusal(`--list takes page or cursor, not ${list}`);
  const columns = (flag, isFit) =>
    (request[flag] ?? []).map((name) => {
      const field = fields.find((one) => one.name === name || one.column === name);
      if (!field) throw new Refusal(`--${flag} names ${name}, which is no field`);
      if (!isFit(field)) throw new Refusal(`--${flag} does not take ${name}, a field of type ${field.type}`);
      return field;
    });
  const filter = columns('filter', ({ type }) => type !== 'json');
  const sort = columns('sort', ({ type, isList }) => !isList && !['json', 'boolean'].includes(type));
  const words = columns('search', ({ type, isList }) => type === 'text' && !isList);
  const isAsked = filter.length + sort.length + words.length > 0;
  const search = words.length > 0 ? words : undefined;
  // Rows that are nobody's are written by superusers.
  const admin = Boolean(request.admin) || owner === undefined;
  return { owner, isPublic, softDelete, admin, filter, sort, search, isAsked, isKeyset: isAsked || list === 'cursor' };
}

/** What opens the rows of others, if anything does. */
function permissionOf({ permission, owner, cached }, { tables }) {
  if (!permission) return undefined;
  if (owner && !cached) throw new Refusal('--permission takes --cached with an owner: nobody else sees a private row');
  return `${tables}.edit_any`;
}

function indexesOf({ names, fields, owner, isPublic, filter, sort }) {
  const own = owner && !isPublic ? ['created_by_user_id'] : [];
  const lists = filter.filter(({ isList }) => isList).map(({ column }) => ({ columns: [column], isGin: true }));
  const plain = [
    ...(owner ? [['created_by_user_id']] : []),
    ...fields.filter(({ kind }) => kind.target).map(({ column }) => [column]),
    ...[...filter, ...sort].filter(({ isList }) => !isList).map(({ column }) => [...own, column]),
  ].map((columns) => ({ columns: [...columns, 'id'] }));
  return [...new Set([...plain, ...lists].map((one) => indexOf(names.table, one)))];
}

/** What `@Index` takes for these columns. */
export function indexOf(table, { columns, isGin }) {
  const name = `${table}_${columns.join('_')}_idx`;
  if (name.length > LONGEST_IDENTIFIER)
    throw new Refusal(`${name} is too long a name for PostgreSQL: shorten the field`);
  return `[${columns.map((column) => `'${column}'`).join(', ')}]${isGin ? `, { type: 'gin' }` : ''}`;
}

function filesOf(domain) {
  const { names, owner, isPublic, admin, permission } = domain;
  const { singular, plural } = names;
  const files = [
    [`${singular}.entity.ts`, entityFile],
    [`${plural}.dto.ts`, dtoFile],
    [`${plural}.errors.ts`, errorsFile],
    [`${plural}.service.ts`, serviceFile],
    [`${plural}.controller.ts`, controllerFile],
    admin && [`${plural}.admin.controller.ts`, adminControllerFile],
    owner && isPublic && [`${singular}-owner.guard.ts`, guardFile],
    permission && [`${plural}.permissions.ts`, permissionsFile],
    [`${plural}.module.ts`, moduleFile],
    owner && [`${plural}.tasks.module.ts`, tasksModuleFile],
  ].filter(Boolean);
  return new Map([
    ...files.map(([file, write]) => [`src/${plural}/${file}`, write(domain)]),
    [`test/${plural}/${plural}.facts.ts`, factsFile(domain)],
    [`test/${plural}/${plural}.test.ts`, testFile(domain)],
  ]);
}

function insertionsOf(domain) {
  const { names, owner } = domain;
  const { Entities, plural } = names;
  return [
    ...linesOf('src/app.module.ts', `${Entities}Module`, `${plural}/${plural}.module`, /^ {4}TasksModule,/),
    ...(owner ? workerLines(names) : []),
    ...rowsOf(domain).map((line) => ({ path: 'docs/api.md', line, before: /^\| `POST \/tasks`/ })),
  ];
}

/** What makes the worker run the tasks of a domain. */
export const workerLines = ({ Entities, plural }) =>
  linesOf(
    'src/worker.module.ts',
    `${Entities}TasksModule`,
    `${plural}/${plural}.tasks.module`,
    /^ {4}TasksWorkerModule\b/,
  );

const linesOf = (path, name, file, last) => [
  { path, line: `import { ${name} } from './${file}.js';`, before: /^import .*'\.\/tasks\// },
  { path, line: `    ${name},`, before: last },
];

function rowsOf(domain) {
  const { names, owner, isPublic, admin, softDelete, permission } = domain;
  const { plural, table, word, words } = names;
  const one = `/${plural}/{${table}_id}`;
  const reader = isPublic ? 'anyone' : owner ? 'its owner' : 'signed in';
  const holder = permission && `\`${permission}\``;
  const [base, writer] = owner ? ['', 'its owner'] : ['/admin', holder ?? 'superuser'];
  const changer = owner && holder ? `its owner, or ${holder}` : writer;
  const whose = owner && !isPublic ? `page of the user's ${words}` : `page of ${words}`;
  const asked = ['filter', 'sort', 'search'].filter((flag) => domain[flag]?.length > 0);
  const by = asked.length > 0 ? `; clients can ${asked.join(', ')}` : '';
  const rows = [
    [`POST ${base}/${plural}`, owner ? 'signed in' : writer, `201 ${word}`],
    [`GET /${plural}`, reader === 'its owner' ? 'signed in' : reader, `200 ${whose}${by}`],
    [`GET ${one}`, reader, `200 ${word}`],
    [`PATCH ${base}${one}`, changer, `200 ${word}`],
    [`DELETE ${base}${one}`, changer, softDelete && admin ? '204; a superuser can restore it' : '204'],
  ];
  if (owner && admin) rows.push([`DELETE /admin${one}`, 'superuser', '204 purged']);
  if (admin && softDelete) rows.push([`POST /admin${one}/restore`, owner ? 'superuser' : writer, `200 ${word}`]);
  return rows.map(([route, who, response]) => `| \`${route}\` | ${who} | ${response} |`);
}

/** The domains that a ref can name: those whose facts tell how to make a row. */
export function domainsIn(sources) {
  const all = [...sources.keys()].map((path) => ENTITY_FILE.exec(path)).filter(Boolean);
  return Object.fromEntries(
    all.flatMap(([path, plural, singular]) => {
      const domain = targetOf(path, plural, singular, sources);
      return domain ? [[plural, domain]] : [];
    }),
  );
}

function targetOf(path, plural, singular, sources) {
  const table = singular.replaceAll('-', '_');
  const facts = sources.get(`test/${plural}/${plural}.facts.ts`) ?? '';
  const errors = sources.get(`src/${plural}/${plural}.errors.ts`) ?? '';
  const [, Entity] = /^export class (\w+)/m.exec(sources.get(path)) ?? [];
  const NotFound = `${pascalOf(table)}NotFound`;
  if (!Entity || !new RegExp(`\\b${table}_id:`).test(facts) || !errors.includes(`class ${NotFound} `)) return undefined;
  return {
    table,
    isOfUsers: new RegExp(`exported: \\{[^]*?\\b${table}: `).test(facts),
    Entity,
    NotFound,
    entityPath: `../${plural}/${singular}.entity.js`,
    errorsPath: `../${plural}/${plural}.errors.js`,
  };
}

function refuseTaken({ plural, singular, table, Entity, Entities }, sources) {
  const all = [...sources];
  const has = (pattern) => all.find(([, text]) => pattern.test(text))?.[0];
  const folder = all.find(([path]) => path.startsWith(`src/${plural}/`) || path.startsWith(`test/${plural}/`))?.[0];
  const taken = [
    ['folder', plural, folder],
    ['table', table, has(new RegExp(`@Entity\\('${table}'\\)`))],
    ['path', plural, has(new RegExp(`@Controller\\('(admin/)?${plural}[/']`))],
    ['class', Entity, has(new RegExp(`^export (abstract )?class ${Entity}(Create|Read|Update|List)?\\b`, 'm'))],
    ['class', `${Entities}Module`, has(new RegExp(`class ${Entities}(Module|Service|Controller)\\b`))],
  ];
  const [what, name, where] = taken.find(([, , path]) => path) ?? [];
  if (what)
    throw new Refusal(`There is a ${what} ${name} already, in ${where}: name the domain otherwise than ${singular}`);
}
