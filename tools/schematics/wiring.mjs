/** What is written of the work of a domain: service, guard, modules. */
import { withImports } from './imports.mjs';
import { refModules } from './storage.mjs';

/** The types of a list: what asks for it, and what it is. */
export function listOf({ names: { Entity }, isAsked, isKeyset }) {
  const query = isAsked ? `${Entity}List` : isKeyset ? 'KeysetQuery' : 'PageQuery';
  const page = isKeyset ? `NumberedPage<${Entity}Read> | KeysetPage<${Entity}Read>` : `NumberedPage<${Entity}Read>`;
  const options = isKeyset ? ', { keyset: true }' : '';
  return { query, page, body: `PageOf(${Entity}Read${options})`, read: isKeyset ? 'pageOf' : 'numberedPage' };
}

export function serviceFile(domain) {
  const { names, owner, isPublic, admin, softDelete } = domain;
  const { Entity, entities, singular, plural, words, word } = names;
  const isOwn = owner && !isPublic;
  const [user, mine] = isOwn ? ['userId: number, ', ', created_by_user_id: userId'] : ['', ''];
  const { query, page, read } = listOf(domain);
  const rows = `this.${entities}`;
  const change = (method, more, result, call) => `
  ${method}(${user}id: number, ${more}ifMatch?: Precondition): Promise<${result}> {
    const where = { id${mine} };
    return this.conditionally(where, ifMatch, () => ${rows}.${call});
  }
`;
  const body = `${isOwn ? `/** ${words[0].toUpperCase()}${words.slice(1)} are private: every read and write names the user whose ${word} it must be. */\n` : ''}@Injectable()
export class ${names.Entities}Service {
  constructor(
    @InjectCrud(${Entity}) private readonly ${entities}: Crud<${Entity}>,
    private readonly transactions: Transactions,
  ) {}

  ${throwsOf(domain)}create(${owner ? 'userId: number, ' : ''}body: ${Entity}Create): Promise<${Entity}Read> {
    return ${rows}.create(${owner ? '{ ...body, created_by_user_id: userId }' : 'body'}, ${Entity}Read);
  }

  list(${user}query: ${query}): Promise<${page}> {
    return ${read}(${rows}, {${mine.replace(', ', ' ')} }, ${Entity}Read, query);
  }

  read(${user}id: number): Promise<${Entity}Read> {
    return ${rows}.getOrThrow({ id${mine} }, ${Entity}Read);
  }
${owner && isPublic ? ownerOf(domain, rows) : ''}
  ${throwsOf(domain)}${change('update', `changes: ${Entity}Update, `, `${Entity}Read`, `updateOrThrow(where, changes, ${Entity}Read)`).trimStart()}${change('delete', '', 'void', 'deleteOrThrow(where)')}${admin && owner ? erase(domain, rows) : ''}${softDelete && admin ? restore(domain, rows) : ''}
  /** Makes the change only if the ${word} is what the client has seen. */
  private conditionally<T>(where: Filter<${Entity}>, ifMatch: Precondition | undefined, change: () => Promise<T>) {
    return this.transactions.runIf(ifMatch, () => ${rows}.getOrThrow(where, ${Entity}Read, { lock: true }), change);
  }
}
`;
  return withImports(body, [
    [`./${singular}.entity.js`, Entity],
    [`./${plural}.dto.js`, `${Entity}Read`, `${Entity}Create ${Entity}List ${Entity}Update`],
  ]).replace(/import \{ PageQuery \}|import \{ KeysetQuery \}/, (found) => found.replace('import', 'import type'));
}

function throwsOf({ fields }) {
  const errors = problemsOf(fields).map((error) => `\`${error}\``);
  return errors.length > 0 ? `/** Throws ${errors.join(', ')}. */\n` : '';
}

const violationsOf = (fields) =>
  fields.flatMap(({ isUnique, column, Taken, kind }) => [
    ...(isUnique ? [{ column, kind: 'key', error: Taken }] : []),
    ...(kind.target ? [{ column, kind: 'fkey', error: kind.target.NotFound }] : []),
  ]);

/** What a write can be refused for. */
export const problemsOf = (fields) => [...new Set(violationsOf(fields).map(({ error }) => error))];

const ownerOf = ({ names: { Entity, word } }, rows) => `
  /** The id of the owner of the ${word}. Throws \`${Entity}NotFound\`. */
  async ownerOf(id: number): Promise<number> {
    return (await ${rows}.getOrThrow({ id }, ['created_by_user_id'] as const)).created_by_user_id;
  }
`;

const erase = ({ softDelete }, rows) =>
  softDelete
    ? `
  /** Deletes the row, soft-deleted or not. */
  erase(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      await ${rows}.dbDeleteOrThrow({ id });
      ifMatch?.(undefined);
    });
  }
`
    : `
  erase(id: number, ifMatch?: Precondition): Promise<void> {
    return this.conditionally({ id }, ifMatch, () => ${rows}.deleteOrThrow({ id }));
  }
`;

const restore = ({ names: { Entity } }, rows) => `
  restore(id: number): Promise<${Entity}Read> {
    return ${rows}.restoreOrThrow({ id }, ${Entity}Read);
  }
`;

export function guardFile({ names, permission }) {
  const { Entity, Entities, entities, table, plural, word } = names;
  const acts = permission ? ', or may act for who does' : '';
  const refused = permission ? `!isOwner && !mayActForOwner(context)` : '!isOwner';
  const body = `/** Signed in → the ${word} exists → the caller owns it${acts}. */
@Injectable()
@Throws(${Entity}NotFound, NotYour${Entity})
export class ${Entity}OwnerGuard implements CanActivate {
  constructor(private readonly ${entities}: ${Entities}Service) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const id = parseId((request.params as { ${table}_id: string }).${table}_id);
    if (id === undefined) throw new ${Entity}NotFound();
    const isOwner = (await this.${entities}.ownerOf(id)) === request.user.id;
    if (${refused}) throw new NotYour${Entity}();
    return true;
  }
}
`;
  return withImports(body, [
    [`./${plural}.errors.js`, `${Entity}NotFound NotYour${Entity}`],
    [`./${plural}.service.js`, `${Entities}Service`],
  ]);
}

export function permissionsFile({ names: { words }, owner, permission }) {
  const allows = owner ? `change and delete the ${words} of others` : `make, change and delete ${words}`;
  const body = `const permissions = definePermissions({
  '${permission}': { allows: '${allows}', suits: 'editor' },
});

type Declared = typeof permissions;

declare module '../platform/http/access/permissions.js' {
  interface Permissions extends Declared {}
}
`;
  return `/** What may be allowed with ${words}${owner ? ' of others' : ''}. */\n${withImports(body)}`;
}

export function moduleFile(domain) {
  const { names, fields, owner, isPublic, admin, permission } = domain;
  const { Entity, Entities, table, plural } = names;
  const violations = violationEntries(table, fields);
  const options = [`reads: [${Entity}Read]`, `notFound: ${Entity}NotFound`];
  if (violations.length > 0) options.push(`violations: { ${violations.join(', ')} }`);
  const imports = [
    ...(isPublic ? ['CacheModule'] : []),
    ...(owner ? [`${Entities}TasksModule`] : []),
    `DatabaseModule.forFeature(${Entity}, { ${options.join(', ')} })`,
  ];
  const guarded = owner && isPublic;
  const body = `@Module({
  imports: [${imports.join(', ')}],
  controllers: [${Entities}Controller${admin ? `, ${Entities}AdminController` : ''}],
  providers: [${Entities}Service${guarded ? `, ${Entity}OwnerGuard` : ''}],
})
export class ${Entities}Module {}
`;
  const text = withImports(body, moduleModules(domain));
  return permission ? text.replace(/^import .*\.service\.js';$/m, `import './${plural}.permissions.js';\n$&`) : text;
}

/** By the names of constraints, what their violation is answered with. */
export const violationEntries = (table, fields) =>
  violationsOf(fields).map(({ column, kind, error }) => `${table}_${column}_${kind}: ${error}`);

export function moduleModules({ names: { Entity, Entities, plural, singular }, fields }) {
  return [
    ...refModules(fields, (one) => [one.errorsPath, one.NotFound]),
    [`./${singular}.entity.js`, Entity],
    [`./${singular}-owner.guard.js`, `${Entity}OwnerGuard`],
    [`./${plural}.admin.controller.js`, `${Entities}AdminController`],
    [`./${plural}.controller.js`, `${Entities}Controller`],
    [`./${plural}.dto.js`, `${Entity}Read`],
    [`./${plural}.errors.js`, errorNames(Entity, fields)],
    [`./${plural}.service.js`, `${Entities}Service`],
    [`./${plural}.tasks.module.js`, `${Entities}TasksModule`],
  ];
}

export const errorNames = (Entity, fields) =>
  [`${Entity}NotFound`, ...fields.filter(({ isUnique }) => isUnique).map(({ Taken }) => Taken)].join(' ');

export function tasksModuleFile({ names, isPublic, softDelete }) {
  const { Entity, Entities, plural, singular, tables } = names;
  const as = softDelete || isPublic ? `Exported${Entity}` : `${Entity}Read`;
  const body = `@Module({
  imports: [DatabaseModule.forExport(${Entity}, { name: '${tables}', owner: 'created_by_user_id', as: ${as} })],
})
export class ${Entities}TasksModule {}
`;
  return withImports(body, [
    [`./${singular}.entity.js`, Entity],
    [`./${plural}.dto.js`, as],
  ]);
}
