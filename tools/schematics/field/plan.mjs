/** What more fields of a domain take: the files that change, and their texts. It touches nothing. */
import { namesIn, sourceAt } from '../existing/domains.mjs';
import { fieldsOf } from '../fields.mjs';
import { withMoreImports } from '../imports.mjs';
import { domainsIn } from '../plan.mjs';
import { Refusal } from '../refusal.mjs';
import { modules } from '../routes.mjs';
import { dtoModules, entityModules } from '../storage.mjs';
import { KNOWN, suiteModules } from '../suites.mjs';
import { moduleModules, problemsOf } from '../wiring.mjs';
import { changeController, changeModule, changeService } from './routes.mjs';
import { bytesIn } from './sizes.mjs';
import { changeDto, changeEntity, changeErrors } from './storage.mjs';
import { changeFacts, changeSuite } from './suites.mjs';

/**
 * @param {{ name: string, fields: string[] }} request
 * @param {Map<string, string>} sources the texts of src and test by path
 * @returns {{ names: object, migration: object, files: Map<string, string>, others: string[] }} others: files that name
 *   every field that the domain had, and stay as they are
 */
export function planField(request, sources) {
  const names = namesIn(request.name, sources, hasDtos, 'takes fields');
  const fields = fieldsOf(request.fields, names, targetsOf(names, sources));
  const domain = domainOf(names, fields, sources);
  const files = new Map();
  for (const [path, change, own, known] of changesOf(domain, sources)) {
    const source = sourceAt(path, sources);
    change(source, domain);
    if (source.changed !== source.text) files.set(path, withMoreImports(source.changed, own, known));
  }
  return { names, migration: migrationOf(domain), files, others: othersOf(domain, files, sources) };
}

/** Rows that are there have no value for what is required. */
function migrationOf({ names: { singular, table }, fields }) {
  const required = fields.filter(({ isOptional }) => !isOptional).map(({ column }) => column);
  const slug = `add-${singular}-${fields.map(({ column }) => column.replaceAll('_', '-')).join('-and-')}`;
  return { slug, table, required };
}

const hasDtos = ({ plural, Entity }, sources) =>
  ['Create', 'Update', 'Read'].every((one) =>
    sources.get(`src/${plural}/${plural}.dto.ts`)?.includes(`class ${Entity}${one} `),
  );

function changesOf({ names, fields }, sources) {
  const { plural, singular } = names;
  const src = (file) => `src/${plural}/${file}`;
  const test = (file) => `test/${plural}/${plural}.${file}.ts`;
  const controllers = [...sources.keys()].filter(
    (path) => path.startsWith(src('')) && path.endsWith('.controller.ts') && sources.get(path).includes('@Body()'),
  );
  const changes = [
    [src(`${singular}.entity.ts`), changeEntity, entityModules(fields)],
    [src(`${plural}.dto.ts`), changeDto, dtoModules(names, fields)],
    ...controllers.map((path) => [path, changeController, modules({ names, fields })]),
    [test('facts'), changeFacts, [], KNOWN],
  ];
  if (sources.has(test('test'))) changes.push([test('test'), changeSuite, suiteModules(names), KNOWN]);
  if (fields.some(({ isUnique }) => isUnique)) changes.push([src(`${plural}.errors.ts`), changeErrors, []]);
  if (problemsOf(fields).length > 0) {
    changes.push([src(`${plural}.service.ts`), changeService, []]);
    changes.push([src(`${plural}.module.ts`), changeModule, moduleModules({ names, fields })]);
  }
  return changes;
}

function domainOf(names, fields, sources) {
  const { Entity, plural, singular } = names;
  const entity = sourceAt(`src/${plural}/${singular}.entity.ts`, sources);
  const dto = sourceAt(`src/${plural}/${plural}.dto.ts`, sources);
  const propertiesOf = (one) => one.members.map(({ name }) => name?.getText());
  const properties = propertiesOf(entity.class(Entity));
  const taken = fields.find(({ name, column }) => properties.some((one) => one === name || one === column));
  if (taken) throw new Refusal(`There is a field called ${taken.name} already, in ${entity.path}`);
  return {
    names,
    fields,
    columns: propertiesOf(dto.class(`${Entity}Create`)),
    bytes: bytesIn(dto, entity, names),
    owner: properties.includes('created_by_user_id'),
  };
}

/** The domains that a ref can name: no two may need each other, and a row of one's own kind is no good body. */
function targetsOf({ plural }, sources) {
  const targets = Object.entries(domainsIn(sources));
  return Object.fromEntries(targets.filter(([name]) => !needs(name, plural, sources)));
}

function needs(domain, other, sources, seen = new Set()) {
  if (domain === other) return true;
  if (seen.has(domain)) return false;
  seen.add(domain);
  const own = [...sources].filter(([path]) => path.startsWith(`src/${domain}/`));
  const imported = own.flatMap(([, text]) =>
    [...text.matchAll(/from '(?:\.\.\/)+([\w-]+)\//g)].map(([, name]) => name),
  );
  return imported.some((name) => needs(name, other, sources, seen));
}

function othersOf({ names: { plural }, columns }, files, sources) {
  const isOf = (path) => path.split('/').includes(plural) && !files.has(path);
  const others = [...sources].filter(
    ([path, text]) => isOf(path) && columns.every((one) => new RegExp(`\\b${one}\\b`).test(text)),
  );
  return others.map(([path]) => path);
}
