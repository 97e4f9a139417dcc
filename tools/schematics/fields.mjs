/** The grammar of fields: `name:type:modifier…`. */
import { pascalOf, requireFieldName } from './names.mjs';
import { Refusal } from './refusal.mjs';
import { TYPES } from './types.mjs';
import pluralize from 'pluralize';

const WORDS = ['optional', 'unique', 'list'];
/** How many items a list has at most. */
export const LIST_MAX = 10;
// What the files of a domain import, or call their own.
const TAKEN = new Set(['Column', 'Entity', 'Index', 'Check', 'Unique', 'Relation', 'User']);

/**
 * @param {string[]} texts such as `title:text:1..80`
 * @param {Record<string, object>} domains that a ref can name
 */
export function fieldsOf(texts, names, domains) {
  const fields = texts.map((text) => fieldOf(text, names, domains));
  const twice = fields.find(({ name, column }, at) =>
    fields.slice(0, at).some((one) => [one.name, one.column].some((other) => other === name || other === column)),
  );
  if (twice) throw new Refusal(`There are two fields called ${twice.name}`);
  return fields;
}

function fieldOf(text, names, domains) {
  const [name, type = 'text', ...modifiers] = text.split(':');
  requireFieldName(name);
  if (!Object.hasOwn(TYPES, type)) {
    throw new Refusal(`${name}: there is no type ${type}: it is one of ${Object.keys(TYPES).join(', ')}`);
  }
  const isTaken = TAKEN.has(pascalOf(name)) || pascalOf(name) === names.Entity;
  const own = isTaken ? `${names.table}_${name}` : name;
  const given = {
    name,
    modifiers,
    Type: pascalOf(pluralize.singular(own)),
    values: pluralize.plural(own).toUpperCase(),
  };
  const kind = TYPES[type](given, domains);
  const [isOptional, isUnique, isList] = WORDS.map((word) => modifiers.includes(word));
  const odd = modifiers.find((one) => !WORDS.includes(one));
  if (odd !== undefined) throw new Refusal(`${name}: ${type} takes no ${odd || 'empty word'}`);
  if (isList && !kind.array) throw new Refusal(`${name}: there is no list of ${type}`);
  if (isUnique && (isList || !kind.unique))
    throw new Refusal(`${name}: ${type}${isList ? ':list' : ''} cannot be unique here`);
  const column = type === 'ref' ? `${name}_id` : name;
  const field = { ...kind, ...given, kind, type, name, column, isOptional, isUnique, isList };
  return { ...field, isNullable: isOptional && !isList, Taken: `${names.Entity}${pascalOf(name)}Taken` };
}

/** The decorators and the property of a field in the DTO of a body. */
export function inputOf(field) {
  const { kind, column, isOptional, isNullable, isList } = field;
  const example = kind.hasExample ? [] : [`example: ${kind.example ?? kind.value}`];
  const type = isNullable && kind.isReflected && field.type !== 'boolean' ? ['type: String'] : [];
  const optional = isNullable ? [...type, 'required: false', 'nullable: true'] : isOptional ? ['required: false'] : [];
  const options = (parts) => (parts.length > 0 ? `{ ${parts.join(', ')} }` : '');
  const decorator = isList
    ? `ListOf(${kind.decorator(options(example))}, ${options([`max: ${LIST_MAX}`, ...optional])})`
    : kind.decorator(options([...optional, ...example]));
  const marks = isNullable ? '@Nullable()\n' : isOptional ? '@Optional()\n' : '';
  const sign = isOptional ? '?' : '!';
  return `${marks}@${decorator}\n${column}${sign}: ${kind.ts}${isList ? '[]' : ''}${isNullable ? ' | null' : ''};`;
}

/** The property of a field in the DTO of a response. */
export function outputOf({ kind, column, isNullable, isList }) {
  const ts = kind.read ?? kind.ts;
  const example = `example: ${kind.example ?? kind.value}`;
  if (isList) {
    const schema = `type: 'array', items: { ${kind.schema} }`.replace('type: String', `type: 'string'`);
    const items = schema.replace(/enum: (\w+)/, 'enum: [...$1]');
    return `@ApiProperty({ ${items}, example: [${kind.value}] }) ${column}!: ${ts}[];`;
  }
  const isShown = !kind.isReflected || isNullable;
  const parts = [...(isShown ? [kind.schema] : []), ...(isNullable ? ['nullable: true'] : [])];
  const all = kind.hasExample ? parts : [...parts, example];
  return `@ApiProperty({ ${all.join(', ')} }) ${column}!: ${ts}${isNullable ? ' | null' : ''};`;
}

/** The column of a field in the entity, and the row that it points to. */
export function columnOf({ kind, column, name, isNullable, isList, isOptional }) {
  const [type, ...options] = isList
    ? [kind.array, 'array: true', ...(isOptional ? [`default: '{}'`] : [])]
    : kind.column;
  if (isNullable) options.push('nullable: true');
  const args = options.length > 0 ? `, { ${options.join(', ')} }` : '';
  const nothing = isNullable ? ' | null' : '';
  const own = `@Column('${type}'${args})\n${column}!: ${kind.ts}${isList ? '[]' : ''}${nothing};`;
  if (!kind.target) return own;
  const { Entity } = kind.target;
  return `${own}\n\n@ManyToOne(() => ${Entity}, { onDelete: 'RESTRICT', nullable: ${isNullable} })
@JoinColumn({ name: '${column}' })\n${name}!: Relation<${Entity}>${nothing};`;
}

/** A value of the field in a body, as TypeScript; `{unique}` and the like stand for what a suite fills in. */
export const sampleOf = ({ kind, isUnique, isList }) =>
  isList ? `[${kind.value}]` : isUnique ? kind.unique : kind.value;
