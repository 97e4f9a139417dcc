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
  [`${PLATFORM}/database/transactions.js`, 'Transactions'],
  [`${HTTP}/access/access.js`, 'Public Superuser'],
  [`${HTTP}/access/caller.js`, 'CurrentCaller', 'Caller SignedInRequest'],
  [`${HTTP}/lists/list-query.js`, 'ListQuery'],
  [`${HTTP}/lists/page-of.js`, 'pageOf'],
  [`${HTTP}/responses/documented-responses.js`, 'Responds Throws'],
  [`${HTTP}/requests/bodies.js`, 'BodyLimit'],
  [`${HTTP}/requests/ids.js`, 'IdOr parseId'],
  [`${HTTP}/lists/pagination.js`, 'PageOf PageQuery KeysetQuery'],
  [`${HTTP}/validation/fields.js`, 'Email Nullable Optional Text WebAddress'],
  [`${HTTP}/validation/lists.js`, 'ListOf'],
  [`${HTTP}/validation/numbers.js`, 'Decimal Integer'],
  [`${HTTP}/validation/objects.js`, 'JsonObject'],
  [`${HTTP}/validation/times.js`, 'Day Instant'],
  [`${HTTP}/validation/values.js`, 'Bool Enum Uuid'],
  ['../users/user.entity.js', 'User'],
];

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
  const code = body.replace(TEXTS, ' ');
  const named = new Set(code.match(/[A-Za-z_]\w*/g));
  const declared = new Set([...code.matchAll(/(?:class|const|type) (\w+)/g)].map(([, name]) => name));
  const isWanted = (name) => named.has(name) && !declared.has(name);
  const lines = [...known, ...own].flatMap(([module, values, types]) => {
    const [asValues, asTypes] = [names(values).filter(isWanted), names(types).filter(isWanted)];
    if (asValues.length + asTypes.length === 0) return [];
    if (asValues.length === 0) return `import type { ${asTypes.join(', ')} } from '${module}';`;
    const all = [...asValues, ...asTypes.map((name) => `type ${name}`)];
    const sorted = all.toSorted((a, b) => bare(a).localeCompare(bare(b), 'en', { caseFirst: 'upper' }));
    return `import { ${sorted.join(', ')} } from '${module}';`;
  });
  return `${lines.join('\n')}\n\n${body}`;
}
