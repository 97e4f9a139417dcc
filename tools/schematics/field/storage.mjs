/** What more fields change of the rows of a domain: entity, DTOs, errors. */
import { columnOf, inputOf, outputOf } from '../fields.mjs';
import { indexOf } from '../plan.mjs';
import { checksOf, enumsOf, takenErrors, uniquesOf } from '../storage.mjs';
import { decoratorsOf } from '../existing/syntax.mjs';

const OWN_COLUMNS = ['search_document', 'created_by_user_id', 'creator'];
const READ_COLUMNS = ['created_by_user_id', 'created_at', 'updated_at'];

export function changeEntity(source, { names, fields }) {
  const entity = source.class(names.Entity);
  const marks = decoratorsOf(entity);
  const table = marks.find(({ name }) => name === 'Entity') ?? source.refuse('@Entity');
  const after = (isFit, otherwise) => (marks.findLast(isFit) ?? otherwise).node.end;
  const keys = joinsOf(entity);
  const unique = marks.findLast(({ name }) => name === 'Unique') ?? table;
  const isOfRows = ({ name, args }) => name === 'Index' && isOfKey(args[0], keys);
  source.insert(entity.getStart(source.tree, true), enumsOf(fields).join(''));
  for (const mark of uniquesOf(fields)) source.insert(unique.node.end, `\n${mark.trim()}`);
  for (const index of indexesOf(names, fields)) source.insert(after(isOfRows, unique), `\n@Index(${index})`);
  for (const mark of checksOf(names, fields)) source.insert(marks.at(-1).node.end, `\n${mark.trim()}`);
  source.addMembers(entity, fields.map(columnOf), OWN_COLUMNS);
}

/** The columns that refer to other rows. */
const joinsOf = ({ members }) =>
  members
    .flatMap(decoratorsOf)
    .filter(({ name }) => name === 'JoinColumn')
    .map(({ args }) => /name: '(\w+)'/.exec(args[0]?.getText())?.[1]);

/** Whether an index is of the rows that refer to one other. */
function isOfKey(columns, keys) {
  const [key, id, ...others] = columns.elements?.map(({ text }) => text) ?? [];
  return keys.includes(key) && id === 'id' && others.length === 0;
}

const indexesOf = ({ table }, fields) =>
  fields.filter(({ kind }) => kind.target).map(({ column }) => indexOf(table, { columns: [column, 'id'] }));

export function changeDto(source, { names: { Entity }, fields }) {
  const update = source.class(`${Entity}Update`);
  if (!update.heritageClauses?.[0]?.getText().includes(`${Entity}Create`)) {
    source.refuse(`${Entity}Update that extends what ${Entity}Create has`);
  }
  source.addMembers(source.class(`${Entity}Create`), fields.map(inputOf), []);
  source.addMembers(source.class(`${Entity}Read`), fields.map(outputOf), READ_COLUMNS, '\n');
}

export function changeErrors(source, { names, fields }) {
  const errors = takenErrors(names, fields);
  const { statements } = source.tree;
  const next = statements.find((one) => one.name?.text === `NotYour${names.Entity}`);
  const at = next?.getStart(source.tree, true) ?? statements.end;
  for (const error of errors) source.insert(at, next ? `${error}\n` : `\n\n${error}`);
}
