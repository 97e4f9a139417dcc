/** The imports of a file: those that its text names, and no others. */
const PLATFORM = '../platform';
const HTTP = `${PLATFORM}/http`;
const CRUD = `${PLATFORM}/database/crud`;

// By module: what it gives; after a space, what is only a type.
const KNOWN = [
  [
    '@nestjs/common',
    'Body Controller Delete Get Injectable Module Param Patch Post Query UseGuards ConflictException ForbiddenException NotFoundException',
    'CanActivate ExecutionContext',
  ],
  ['@nestjs/swagger', 'ApiProperty ApiTags OmitType PartialType'],
  ['typeorm', 'Check Column Entity Index JoinColumn ManyToOne Unique', 'Relation'],
  [`${PLATFORM}/cache/cache.module.js`, 'CacheModule'],
  [`${PLATFORM}/cache/cached.js`, 'Cached Invalidates'],
  [`${HTTP}/caching/preconditions.js`, 'IfMatch', 'Precondition'],
  [`${PLATFORM}/database/base.entity.js`, 'BaseEntity SoftDeletable'],
  [`${PLATFORM}/database/search-document.js`, 'SearchDocument'],
  [`${CRUD}/crud.js`, '', 'Crud'],
  [`${CRUD}/filter.js`, '', 'Filter'],
  [`${PLATFORM}/database/database.module.js`, 'DatabaseModule InjectCrud'],
  [`${CRUD}/pages.js`, 'numberedPage', 'KeysetPage NumberedPage'],
  [`${PLATFORM}/database/sql.js`, 'Sql'],
  [`${PLATFORM}/database/transactions.js`, 'Transactions'],
  [`${HTTP}/access/access.js`, 'OwnerOr Public Requires Superuser mayActForOwner'],
  [`${HTTP}/access/permissions.js`, 'definePermissions'],
  [`${HTTP}/access/caller.js`, 'CurrentCaller', 'Caller SignedInRequest'],
  [`${HTTP}/lists/list-query.js`, 'ListQuery'],
  [`${HTTP}/lists/page-of.js`, 'pageOf'],
  [`${HTTP}/responses/response-docs.js`, 'Responds Throws'],
  [`${HTTP}/requests/bodies.js`, 'BodyLimit'],
  [`${HTTP}/requests/path-ids.js`, 'IdOr parseId'],
  [`${HTTP}/lists/pagination.js`, 'PageOf PageQuery KeysetQuery'],
  [`${HTTP}/validation/fields.js`, 'Email Nullable Optional Text WebAddress'],
  [`${HTTP}/validation/lists.js`, 'ListOf'],
  [`${HTTP}/validation/numbers.js`, 'Decimal Integer'],
  [`${HTTP}/validation/objects.js`, 'JsonObject'],
  [`${HTTP}/validation/times.js`, 'Day Instant'],
  [`${HTTP}/validation/values.js`, 'Bool Enum Uuid'],
  [`${PLATFORM}/idempotency/idempotent.js`, 'Idempotent'],
  [`${PLATFORM}/queue/task.js`, 'NoPayload Task', 'RunsTask'],
  ['../users/user.entity.js', 'User'],
];

const IMPORT = /^import (type )?\{([^}]*)\} from '([^']*)';$/gm;
// Texts and comments, but not what texts have filled in.
const TEXTS = /'[^'\n]*'|`[^`$\n]*`|\/\*\*.*?\*\/|\/\/[^\n]*/gs;

const bare = (name) => name.replace('type ', '');
const names = (text = '') => text.split(' ').filter(Boolean);

/**
 * A file with its imports.
 * @param {string} body
 * @param {[string, string, string?][]} own modules of the domains: what each gives, and what of that is only a type here
 */
export function withImports(body, own = [], known = KNOWN) {
  const lines = wanted(body, own, known).map(([module, all]) => line(module, all));
  return `${lines.join('\n')}\n\n${body}`;
}

/** A file that has imports, with those that it also names by now. */
export function withMoreImports(text, own = [], known = KNOWN) {
  const has = new Set(importsOf(text).flatMap((one) => one.names.map(bare)));
  const order = [...known, ...own].map(([module]) => module);
  return wanted(text.replace(IMPORT, ''), own, known).reduce((result, [module, all]) => {
    const more = all.filter((name) => !has.has(bare(name)));
    return more.length > 0 ? withImport(result, module, more, order) : result;
  }, text);
}

function withImport(text, module, more, order) {
  const present = importsOf(text);
  const there = present.find((one) => one.module === module);
  if (there) return text.replace(there.all, line(module, [...there.names, ...more]));
  const later = present.find((one) => order.indexOf(one.module) > order.indexOf(module));
  const { all } = later ?? present.at(-1);
  return text.replace(all, later ? `${line(module, more)}\n${all}` : `${all}\n${line(module, more)}`);
}

const importsOf = (text) =>
  [...text.matchAll(IMPORT)].map(([all, type, list, module]) => ({ all, module, names: listed(type, list) }));

/** By module, the names that a text has of it; those that are only types say so. */
function wanted(body, own, known) {
  const code = body.replace(TEXTS, ' ');
  const named = new Set(code.match(/[A-Za-z_]\w*/g));
  const declared = new Set(
    [...code.matchAll(/(?:class|const|enum|function|interface|let|type) (\w+)/g)].map(([, name]) => name),
  );
  const isWanted = (name) => named.has(name) && !declared.has(name);
  // A domain may have a class of the same name as a library.
  const ours = new Set(own.flatMap(([, values]) => names(values)));
  const all = [...known.map(([module, values, types]) => [module, without(values, ours), types]), ...own];
  return all
    .map(([module, values, types]) => [
      module,
      [
        ...names(values).filter(isWanted),
        ...names(types)
          .filter(isWanted)
          .map((name) => `type ${name}`),
      ],
    ])
    .filter(([, found]) => found.length > 0);
}

const without = (values, others) =>
  names(values)
    .filter((name) => !others.has(name))
    .join(' ');

function listed(type, list) {
  const given = list.split(',').map((name) => name.trim());
  return given.filter(Boolean).map((name) => (type ? `type ${name}` : name));
}

function line(module, all) {
  const sorted = all.toSorted((a, b) => bare(a).localeCompare(bare(b), 'en', { caseFirst: 'upper' }));
  return sorted.every((name) => name !== bare(name))
    ? `import type { ${sorted.map(bare).join(', ')} } from '${module}';`
    : `import { ${sorted.join(', ')} } from '${module}';`;
}
