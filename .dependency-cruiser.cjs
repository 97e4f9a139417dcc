// Who may import whom. The rooms of the platform from the lowest to the highest; each imports only those before it.
const ROOMS = [
  'config',
  'runtime',
  'redis',
  'database',
  'http',
  'cache',
  'limits',
  'queue',
  'events',
  'storage',
  'frontend',
  'health',
  'mail',
  'idempotency',
  'docs',
];
const DOMAINS = '^src/(?!platform/)([^/]+)/';
const ROOTS = '^src/[^/]+\\.ts$';

// What a domain shows to other domains. Errors belong to the services that throw them.
const SHOWN = '\\.(module|service|guard|entity|errors|events|task)\\.ts$';

const rooms = ROOMS.map((room, height) => ({
  name: `${room}-imports-only-downward`,
  severity: 'error',
  comment: `platform/${room} may import ${ROOMS.slice(0, height).join(', ') || 'nothing of the project'}; never a domain`,
  from: { path: `^src/platform/${room}/` },
  to: { path: '^src/', pathNot: `^src/platform/(${ROOMS.slice(0, height + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'platform-has-known-rooms',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: `^src/platform/(${ROOMS.join('|')})/` },
      to: {},
    },
    {
      name: 'domains-show-services-guards-entities-tasks',
      severity: 'error',
      comment: "Another domain's controllers, DTOs and settings are its own",
      from: { path: DOMAINS },
      to: { path: DOMAINS, pathNot: ['^src/$1/', SHOWN] },
    },
    {
      name: 'nobody-imports-the-roots',
      severity: 'error',
      comment: 'main, worker, create-app and the root modules are where everything comes together',
      from: { path: '^src/', pathNot: ROOTS },
      to: { path: ROOTS },
    },
    {
      name: 'sql-by-hand-has-one-door',
      severity: 'error',
      comment: 'Inject Sql, which joins the open transaction, or Crud',
      from: {
        path: '^src/',
        pathNot: [
          '^src/platform/database/',
          '\\.entity\\.ts$',
          '^src/migrate\\.ts$',
          // Tells errors apart.
          '^src/platform/http/problems/database-problem\\.ts$',
        ],
      },
      to: {
        path: ['node_modules/(pg|typeorm)/', '^src/platform/database/(data-source|open-transaction)\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'replicas-are-the-platforms',
      severity: 'error',
      comment: 'What the handler of a cached route reads through Crud goes to replicas by itself',
      from: { path: DOMAINS },
      to: { path: '^src/platform/database/replicas/' },
    },
    {
      name: 'no-cycles-of-domains',
      severity: 'error',
      scope: 'folder',
      comment: 'Of two domains, one knows the other: it listens to events, or provides what the other asks for',
      from: { path: '^src/[^/]+$', pathNot: '^src/platform$' },
      to: { circular: true },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*index\\.ts$' } },
    {
      name: 'declared-packages-only',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown', 'undetermined'] },
    },
    {
      name: 'no-traces-no-sdk',
      severity: 'error',
      comment: 'Without a collector nothing of OpenTelemetry but its API is loaded',
      from: { path: '^src/', pathNot: '^src/platform/runtime/tracing/trace-export\\.ts$' },
      to: {
        path: ['node_modules/@opentelemetry/(?!api/)', '^src/platform/runtime/tracing/trace-export\\.ts$'],
        dynamic: false,
      },
    },
    {
      name: 'heavy-packages-when-needed',
      severity: 'error',
      comment: 'The SDK of S3 is loaded with the first file; sharp, which runs native code, in a process of its own',
      from: { path: '^src/', pathNot: '\\.process\\.ts$' },
      to: { path: 'node_modules/(@aws-sdk|sharp)/', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
  },
};
