/** What is written of the rows of a domain: entity, DTOs, errors. */
import { columnOf, inputOf, outputOf } from './fields.mjs';
import { withImports } from './imports.mjs';
import { withArticle } from './names.mjs';

export function entityFile({ names, fields, owner, softDelete, search, indexes }) {
  const columns = fields.map(columnOf);
  if (search) columns.push('@SearchDocument()\nsearch_document!: string;');
  if (owner) {
    columns.push(`@Column('bigint')\ncreated_by_user_id!: number;`);
    columns.push(
      `@ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })\n@JoinColumn({ name: 'created_by_user_id' })\ncreator!: Relation<User>;`,
    );
  }
  const marks = [...uniquesOf(fields), ...indexes.map((index) => `@Index(${index})\n`), ...checksOf(names, fields)];
  const body = `${enumsOf(fields).join('')}@Entity('${names.table}')
${marks.join('')}export class ${names.Entity} extends ${softDelete ? 'SoftDeletable' : 'BaseEntity'} {
${columns.join('\n\n')}
}
`;
  return withImports(body, entityModules(fields));
}

export const entityModules = (fields) => refModules(fields, (one) => [one.entityPath, one.Entity]);

const list = (values) => `[${values.map((value) => `'${value}'`).join(', ')}]`;
const isEnum = ({ kind }) => kind.values;

/** What an entity has before its class and above it, for fields that need it. */
export const enumsOf = (fields) =>
  fields.filter(isEnum).map(
    ({ kind, values, Type }) => `export const ${values} = ${list(kind.values)} as const;
export type ${Type} = (typeof ${values})[number];\n\n`,
  );

export const uniquesOf = (fields) =>
  fields.filter(({ isUnique }) => isUnique).map(({ column }) => `@Unique(['${column}'])\n`);

export const checksOf = ({ table }, fields) =>
  fields
    .filter((field) => isEnum(field) && !field.isList)
    .map(
      ({ kind, column }) =>
        `@Check('${table}_${column}_check', \`${column} IN (${kind.values.map((value) => `'${value}'`).join(', ')})\`)\n`,
    );

export const refModules = (fields, moduleOf) => {
  const modules = fields.filter(({ kind }) => kind.target).map(({ kind }) => moduleOf(kind.target));
  return modules.filter(([path], at) => modules.findIndex(([other]) => other === path) === at);
};

export function dtoFile(domain) {
  const { names, fields, owner, isPublic, softDelete } = domain;
  const { Entity } = names;
  const read = [
    `@ApiProperty({ type: 'integer', example: 1 }) id!: number;`,
    ...fields.map(outputOf),
    ...(owner && isPublic ? [`@ApiProperty({ type: 'integer', example: 1 }) created_by_user_id!: number;`] : []),
    `@ApiProperty({ type: Date }) created_at!: string;`,
    `@ApiProperty({ type: Date }) updated_at!: string;`,
  ];
  const body = `export class ${Entity}Create {
${fields.map(inputOf).join('\n\n')}
}

export class ${Entity}Update extends PartialType(${Entity}Create, { skipNullProperties: false }) {}

export class ${Entity}Read {
${read.join('\n')}
}
${owner && (softDelete || isPublic) ? exported(domain) : ''}${listQuery(domain)}`;
  return withImports(body, dtoModules(names, fields));
}

export function dtoModules({ singular, Entity }, fields) {
  const enums = fields.filter(isEnum);
  const values = [Entity, ...enums.map((one) => one.values)].join(' ');
  return [[`./${singular}.entity.js`, values, enums.map(({ Type }) => Type).join(' ')]];
}

function exported({ names: { Entity, word }, isPublic, softDelete }) {
  const parent = isPublic ? `OmitType(${Entity}Read, ['created_by_user_id'])` : `${Entity}Read`;
  const deleted = softDelete
    ? `\n@ApiProperty() is_deleted!: boolean;\n@ApiProperty({ type: Date, nullable: true }) deleted_at!: string | null;\n`
    : '';
  return `
/** ${withArticle(word).replace(/^./, (letter) => letter.toUpperCase())} in the export of its owner. */
export class Exported${Entity} extends ${parent} {${deleted}}
`;
}

function listQuery({ names: { Entity }, filter, sort, search, isAsked }) {
  if (!isAsked) return '';
  const enums = filter.filter(isEnum);
  const values = `{ ${enums.map(({ column, values: all }) => `${column}: ${all}`).join(', ')} }`;
  const parts = [
    filter.length > 0 && `filter: ${list(filter.map(({ column }) => column))}`,
    enums.length > 0 && `values: ${values}`,
    sort.length > 0 && `sort: ${list(['id', ...sort.map(({ column }) => column)])}`,
    search && `search: { columns: ${list(search.map(({ column }) => column))} }`,
  ].filter(Boolean);
  return `\nexport class ${Entity}List extends ListQuery(${Entity}, {\n${parts.join(',\n')},\n}) {}\n`;
}

export function errorsFile({ names, fields, owner, isPublic }) {
  const { Entity, table, word } = names;
  const nobody = owner && !isPublic ? `You have no ${word} with this id.` : `There is no ${word} with this id.`;
  const errors = [
    errorClass(`${Entity}NotFound`, 'NotFoundException', nobody, `${table}_not_found`),
    ...takenErrors(names, fields),
  ];
  if (owner && isPublic) {
    const sentence = `Only the owner of the ${word} may do this.`;
    errors.push(errorClass(`NotYour${Entity}`, 'ForbiddenException', sentence, `not_your_${table}`));
  }
  return withImports(errors.join('\n'));
}

/** The errors that say that a value is taken. */
export const takenErrors = ({ table, word }, fields) =>
  fields
    .filter(({ isUnique }) => isUnique)
    .map(({ column, Taken }) => {
      const sentence = `There is another ${word} with this ${column.replaceAll('_', ' ')}.`;
      return errorClass(Taken, 'ConflictException', sentence, `${table}_${column}_taken`);
    });

const errorClass = (name, parent, sentence, code) => `export class ${name} extends ${parent} {
  constructor() {
    super('${sentence}', { errorCode: '${code}' });
  }
}
`;
