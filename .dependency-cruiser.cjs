// Who may import whom. Technical folders from the lowest to the highest; each imports only those before it.
const LAYERS = ['config', 'process', 'database', 'http', 'cache', 'limits', 'queue', 'health', 'docs'];
const DOMAINS = '^src/(?!(?:' + LAYERS.join('|') + ')/)([^/]+)/';
const ROOTS = '^src/[^/]+\\.ts$';

// What a domain shows to other domains. Errors belong to the services that throw them.
const SHOWN = '\\.(module|service|guard|entity|errors|task)\\.ts$';

const layers = LAYERS.map((layer, height) => ({
  name: `${layer}-imports-only-downward`,
  severity: 'error',
  comment: `${layer} may import ${LAYERS.slice(0, height).join(', ') || 'nothing of the project'}; never a domain`,
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(${LAYERS.slice(0, height + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
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
      from: { path: '^src/', pathNot: '^src/process/trace-export\\.ts$' },
      to: { path: ['node_modules/@opentelemetry/(?!api/)', '^src/process/trace-export\\.ts$'], dynamic: false },
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
