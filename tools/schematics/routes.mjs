/** What is written of the routes of a domain: its controllers. */
import { LIST_MAX } from './fields.mjs';
import { withImports } from './imports.mjs';
import { withArticle } from './names.mjs';
import { refModules } from './storage.mjs';
import { errorNames, listOf, problemsOf } from './wiring.mjs';

const BODY_BYTES = 32 * 1024;
/** What a property of JSON takes besides its name and value. */
export const MARKS = 8;

/** How large the largest body with these fields is, in KiB, where that is more than routes take by default. */
export function kibibytesOf(fields, otherBytes = 0) {
  const bytes = fields.reduce((sum, field) => sum + bytesOf(field), 64 + otherBytes);
  return bytes > BODY_BYTES ? Math.ceil(bytes / 1024) : undefined;
}

const bytesOf = ({ kind, isList, column }) => kind.bytes * (isList ? LIST_MAX : 1) + column.length + MARKS;

const list = (items) => (items.length > 0 ? `, problems: [${items.join(', ')}]` : '');

/** The parts that routes of both controllers are made of. */
function partsOf(domain) {
  const { names, fields, owner, isPublic, isAdminOnly, permission } = domain;
  const { Entity, entities, table, tables, constant } = names;
  const isOwn = owner && !isPublic;
  const keys = isPublic ? (...all) => `@Invalidates(${all.map((key) => `'${key}'`).join(', ')})\n` : () => '';
  return {
    ...names,
    isOwn,
    service: `this.${entities}`,
    caller: isOwn ? '@CurrentCaller() caller: Caller, ' : '',
    id: `@Param('${table}_id', ${Entity}Id) id: number`,
    who: isOwn ? 'caller.id, ' : '',
    limit: kibibytesOf(fields) ? `@BodyLimit({ bytes: ${constant}_BYTES })\n` : '',
    dropsList: keys(tables),
    drops: keys(`${table}:{${table}_id}`, tables),
    guard: owner && isPublic && !isAdminOnly ? guardOf(permission, `${Entity}OwnerGuard`) : '',
    problems: problemsOf(fields),
    missing: owner && isPublic ? [] : [`${Entity}NotFound`],
    one: owner && !permission ? `one of your own ${names.words}` : withArticle(names.word),
  };
}

const guardOf = (permission, guard) =>
  permission ? `@OwnerOr('${permission}', ${guard})\n` : `@UseGuards(${guard})\n`;

function writes({ owner }, parts, id = `:${parts.table}_id`) {
  const { Entity, caller, id: param, who, service } = parts;
  const creator = owner ? '@CurrentCaller() caller: Caller, ' : '';
  return `
  @Post()
  @Idempotent()
  ${parts.limit}${parts.dropsList}@Responds({ operation: 'create${Entity}', summary: 'Create ${withArticle(parts.word)}', status: 201, type: ${Entity}Read${list(parts.problems)} })
  create(${creator}@Body() body: ${Entity}Create): Promise<${Entity}Read> {
    return ${service}.create(${owner ? 'caller.id, ' : ''}body);
  }
#
  @Patch('${id}')
  ${parts.limit}${parts.guard}${parts.drops}@Responds({ operation: 'update${Entity}', summary: 'Change ${parts.one}', type: ${Entity}Read${list([...parts.missing, ...parts.problems])} })
  update(${caller}${param}, @Body() body: ${Entity}Update, @IfMatch() ifMatch?: Precondition): Promise<${Entity}Read> {
    return ${service}.update(${who}id, body, ifMatch);
  }

  @Delete('${id}')
  ${parts.guard}${parts.drops}@Responds({ operation: 'delete${Entity}', summary: 'Delete ${parts.one}', status: 204${list(parts.missing)} })
  delete(${caller}${param}, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return ${service}.delete(${who}id, ifMatch);
  }
`.split('#');
}

export function controllerFile(domain) {
  const { names, fields, owner, isPublic } = domain;
  const parts = partsOf(domain);
  const { Entity, Entities, entities, service, table, tables, plural, words } = parts;
  const { query, page, body: pageBody } = listOf(domain);
  const under = owner ? `under: ['creators'], ` : '';
  const cached = (key, ttl) => (isPublic ? `@Public()\n@Cached({ key: '${key}', ${under}ttl: ${ttl} })\n` : '');
  const [create, changes] = owner ? writes(domain, parts) : ['', ''];
  const whose = parts.isOwn ? `your own ${words}` : words;
  const body = `${constants(fields, parts, owner)}const ${Entity}Id = new IdOr(${Entity}NotFound);

@ApiTags('${plural}')
@Controller('${plural}')
export class ${Entities}Controller {
  constructor(private readonly ${entities}: ${Entities}Service) {}
${create}
  @Get()
  ${cached(tables, 600)}@Responds({ operation: 'list${Entities}', summary: 'List ${whose}, newest first', type: ${pageBody} })
  list(${parts.caller}@Query() query: ${query}): Promise<${page}> {
    return ${service}.list(${parts.who}query);
  }

  @Get(':${table}_id')
  ${cached(`${table}:{${table}_id}`, 3600)}@Responds({ operation: 'get${Entity}', summary: 'Read ${parts.isOwn ? parts.one : withArticle(names.word)}', type: ${Entity}Read, problems: [${Entity}NotFound] })
  read(${parts.caller}${parts.id}): Promise<${Entity}Read> {
    return ${service}.read(${parts.who}id);
  }
${changes}}
`;
  return withImports(body, modules(domain));
}

const constants = (fields, { constant }, isWriting) =>
  isWriting && kibibytesOf(fields) ? limitOf(constant, kibibytesOf(fields)) : '';

export const limitOf = (constant, kibibytes) =>
  `// The longest values, of characters that JSON writes in twelve bytes each.
const ${constant}_BYTES = ${kibibytes} * 1024;\n\n`;

export function adminControllerFile(domain) {
  const { fields, owner, softDelete, permission } = domain;
  const parts = partsOf({ ...domain, isAdminOnly: true });
  const { Entity, Entities, entities, service, table, plural, id } = parts;
  const path = owner ? `admin/${plural}/:${table}_id` : `admin/${plural}`;
  const erase = `
  @Delete()
  ${parts.drops}@Responds({ operation: 'purge${Entity}', summary: 'Purge ${withArticle(parts.word)}', status: 204, problems: [${Entity}NotFound] })
  erase(${id}, @IfMatch() ifMatch?: Precondition): Promise<void> {
    return ${service}.erase(id, ifMatch);
  }
`;
  const restore = `
  @Post('${owner ? '' : `:${table}_id/`}restore')
  ${parts.drops}@Responds({ operation: 'restore${Entity}', summary: 'Restore a deleted ${parts.word}', type: ${Entity}Read, problems: [${Entity}NotFound] })
  restore(${id}): Promise<${Entity}Read> {
    return ${service}.restore(id);
  }
`;
  const body = `${constants(fields, parts, !owner)}const ${Entity}Id = new IdOr(${Entity}NotFound);

@ApiTags('admin')
@Controller('${path}')
${permission && !owner ? `@Requires('${permission}')` : '@Superuser()'}
export class ${Entities}AdminController {
  constructor(private readonly ${entities}: ${Entities}Service) {}
${owner ? erase : writes(domain, parts).join('')}${softDelete ? restore : ''}}
`;
  return withImports(body, modules(domain));
}

/** What the controllers of a domain import of domains. */
export function modules({ names: { Entity, Entities, plural, singular }, fields }) {
  return [
    ...refModules(fields, (one) => [one.errorsPath, one.NotFound]),
    [`./${singular}-owner.guard.js`, `${Entity}OwnerGuard`],
    [`./${plural}.dto.js`, `${Entity}Create ${Entity}List ${Entity}Read ${Entity}Update`],
    [`./${plural}.errors.js`, errorNames(Entity, fields)],
    [`./${plural}.service.js`, `${Entities}Service`],
  ];
}
