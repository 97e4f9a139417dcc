/** What more fields change of the routes of a domain and of their work: controllers, service, module. */
import { kibibytesOf, limitOf } from '../routes.mjs';
import { problemsOf, violationEntries } from '../wiring.mjs';
import { decoratorsOf, propertyOf } from '../existing/syntax.mjs';

const writesIn = (source, { Entity }) => ['Create', 'Update'].flatMap((suffix) => source.methodsWith(Entity + suffix));

/** Documents the errors of the new fields, and lets bodies be as large as they have to be. */
export function changeController(source, { names, fields, bytes }) {
  const writes = writesIn(source, names);
  for (const method of writes) {
    const [options] = callsOf(method, 'Responds')[0]?.args ?? [];
    if (!options) source.refuse(`@Responds on ${method.name.text}`);
    source.appendTo(options, 'problems', newOf(source, options, fields), '[]');
  }
  const kibibytes = kibibytesOf(fields, bytes);
  if (kibibytes && writes.length > 0) allow(source, names, writes, kibibytes);
}

const callsOf = (node, decorator) => decoratorsOf(node).filter(({ name }) => name === decorator);

/** The errors that are not listed yet. */
function newOf(source, options, fields) {
  const listed = propertyOf(options, 'problems')?.elements.map((one) => one.getText()) ?? [];
  return problemsOf(fields).filter((error) => !listed.includes(error));
}

function allow(source, { Entity, constant }, writes, kibibytes) {
  const limit = source.variable(`${constant}_BYTES`)?.value;
  if (limit) return raise(source, limit, kibibytes);
  const next = source.variable(`${Entity}Id`)?.statement ?? source.refuse(`const ${Entity}Id`);
  source.insert(next.getStart(source.tree), limitOf(constant, kibibytes));
  for (const method of writes) {
    const [route] = decoratorsOf(method);
    source.insert(route.node.end, `\n@BodyLimit({ bytes: ${constant}_BYTES })`);
  }
}

/** Never lowers what has been set by hand. */
function raise(source, limit, kibibytes) {
  const [, before] = /^(\d+) \* 1024$/.exec(limit.getText()) ?? source.refuse('limit such as 64 * 1024');
  if (kibibytes > Number(before)) source.replace(limit.getStart(), limit.end, `${kibibytes} * 1024`);
}

/** Says of the methods that write what they can throw. */
export function changeService(source, { names, fields }) {
  const errors = problemsOf(fields).map((error) => `\`${error}\``);
  if (errors.length === 0) return;
  const writes = writesIn(source, names);
  if (writes.length === 0) source.refuse(`method that takes ${names.Entity}Create`);
  for (const method of writes) addThrows(source, method, errors);
}

function addThrows(source, method, errors) {
  const [comment] = method.jsDoc ?? [];
  if (!comment) return source.insert(method.getStart(source.tree), `/** Throws ${errors.join(', ')}. */\n`);
  const text = comment.getText();
  const known = /Throws (?:`\w+`, )*`\w+`/.exec(text);
  const more = errors.filter((error) => !text.includes(error));
  if (known) return source.insert(comment.pos + known.index + known[0].length, more.map((one) => `, ${one}`).join(''));
  return source.insert(comment.pos + text.search(/\s*\*\/$/), ` Throws ${errors.join(', ')}.`);
}

/** Turns what the database refuses into the errors. */
export function changeModule(source, { names: { Entities, Entity, table }, fields }) {
  const entries = violationEntries(table, fields);
  if (entries.length === 0) return;
  const [module] = callsOf(source.class(`${Entities}Module`), 'Module');
  const imports = propertyOf(module.args[0], 'imports')?.elements ?? [];
  const feature = imports.find((one) => one.getText().startsWith(`DatabaseModule.forFeature(${Entity},`));
  if (!feature) source.refuse(`DatabaseModule.forFeature(${Entity}, …)`);
  source.appendTo(feature.arguments[1], 'violations', entries, ['{ ', ' }']);
}
