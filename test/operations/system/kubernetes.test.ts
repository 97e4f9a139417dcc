/** Holds the manifests of deploy/kubernetes against the program: what they start, set, ask and allow. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual, parseEnv } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { LAST_SECONDS } from '../../../src/platform/http/graceful-shutdown.js';
import { createDatabase, freePort, type Program, start, type TestDatabase } from '../../support/program.js';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'deploy/kubernetes');
const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
// What a process takes to close its pools: see main.ts and worker.ts.
const CLOSE_SECONDS = 3;

type Labels = Record<string, string>;

interface Probe {
  httpGet: { path: string; port: string };
}

interface Container {
  args: string[];
  ports?: { name: string; containerPort: number }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  securityContext: object;
  envFrom: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
}

interface Manifest {
  kind: string;
  folder: string;
  metadata: { name: string };
  /** Of a kustomization. */
  labels?: { pairs: Labels }[];
  spec: {
    template: {
      metadata: { labels: Labels; annotations?: Record<string, string> };
      spec: { containers: [Container]; terminationGracePeriodSeconds?: number; [more: string]: unknown };
    };
    /** Of a Service, and of what else chooses pods. */
    selector?: Labels & { matchLabels?: Labels };
    podSelector?: { matchLabels: Labels };
    ports?: { name: string; port: number; targetPort: string }[];
    scaleTargetRef?: { kind: string; name: string };
    ingress?: { ports: { port: number }[] }[];
    egress?: { to?: object[]; ports: { port: number }[] }[];
    rules?: { http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] } }[];
  };
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
const manifests = files
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map(
      (document) => ({ ...document.toJS(), folder: dirname(file) }) as Manifest,
    ),
  );
const ofKind = (...kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind));
const pods = ofKind('Deployment', 'Job');
const policies = ofKind('NetworkPolicy');
const podOf = (name: string) => pods.find(({ metadata }) => metadata.name === name)!.spec.template;
const containerOf = (name: string) => podOf(name).spec.containers[0];
const names = pods.map(({ metadata }) => metadata.name);

/** With those that the kustomization of its folder adds. */
function labelsOf({ folder, spec }: Manifest): Labels {
  const added = ofKind('Kustomization', 'Component').filter((one) => one.folder === folder);
  const pairs = added.flatMap(({ labels }) => labels ?? []).map((one) => one.pairs);
  return Object.assign({}, ...pairs, spec.template.metadata.labels) as Labels;
}

/** What a file of settings holds, secrets as in their example. */
const settings = (file: string) => parseEnv(readFileSync(join(FOLDER, file), 'utf8'));
const base = settings('base/settings.env');
const portNamed = (name: string, port: string) =>
  containerOf(name).ports!.find((one) => one.name === port)!.containerPort;

test('there is one for each program', () => {
  expect(names.toSorted()).toEqual(['api', 'create-superuser', 'migrate-release', 'worker']);
  const started = names.map((name) => containerOf(name).args);
  expect(started.filter(([node, file]) => node !== 'node' || !existsSync(join(ROOT, file!)))).toEqual([]);
});

test('what they set are settings', () => {
  // Which a suite of its own holds against the code.
  const known = readFileSync(join(ROOT, '.env.example'), 'utf8').match(/^(# )?[A-Z]\w+(?==)/gm)!;
  const env = files.filter((file) => /\.env(\.example)?$/.test(file));
  const set = env.flatMap((file) => Object.keys(settings(file)));
  expect(set).toEqual(expect.arrayContaining(['POSTGRES_URL', 'SECRET_KEY', 'TRUST_PROXY']));
  expect(set.filter((name) => !known.map((line) => line.replace('# ', '')).includes(name))).toEqual([]);
});

test.each(names)('%s may do no more than it needs', (name) => {
  expect(podOf(name).spec).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(containerOf(name).securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

// Whose files these are: docs/kubernetes.md.
test.each([
  ['migrate-release', ['connections']],
  ['worker', ['connections']],
  ['api', ['connections', 'signing']],
  ['create-superuser', ['connections', 'signing', 'superuser']],
])('%s gets the secrets %j alone', (name, secrets) => {
  const given = containerOf(name).envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []);
  expect(given.toSorted()).toEqual(secrets);
});

test('ports are the same wherever they are named', () => {
  const { PORT, METRICS_PORT } = base;
  expect([portNamed('api', 'http'), portNamed('api', 'metrics'), portNamed('worker', 'metrics')].map(String)).toEqual([
    PORT,
    METRICS_PORT,
    METRICS_PORT,
  ]);
  const scraped = ['api', 'worker'].map((name) => podOf(name).metadata.annotations?.['prometheus.io/port']);
  expect(scraped).toEqual([METRICS_PORT, METRICS_PORT]);
  const letIn = policies.flatMap(({ metadata, spec }) =>
    (spec.ingress ?? []).flatMap(({ ports }) => ports.map(({ port }) => [metadata.name, String(port)])),
  );
  expect(Object.fromEntries(letIn)).toEqual({ api: PORT, monitoring: METRICS_PORT });
  expect(letIn).toHaveLength(2);
});

test('a way leads from the ingress to the API', () => {
  const services = ofKind('Service').map(({ metadata, spec }) => ({ name: metadata.name, ports: spec.ports! }));
  expect(services).toMatchObject([{ name: 'api', ports: [{ targetPort: 'http' }] }]);
  const backends = ofKind('Ingress').flatMap(({ spec }) => spec.rules!.flatMap(({ http }) => http.paths));
  const named = backends.map(({ backend }) => [backend.service.name, backend.service.port.name]);
  expect(named).toEqual([['api', services[0]!.ports[0]!.name]]);
});

/** What goes by the name of a deployment or job is about its pods, and all else about all pods. */
test.each(
  ofKind('Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy').map(
    ({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, metadata.name, spec] as const,
  ),
)('%s is about the right pods', (_, name, { podSelector, selector }) => {
  const wanted = podSelector?.matchLabels ?? selector!.matchLabels ?? selector!;
  const chosen = pods.filter((pod) => isDeepStrictEqual({ ...labelsOf(pod), ...wanted }, labelsOf(pod)));
  expect(chosen.map(({ metadata }) => metadata.name)).toEqual(names.includes(name) ? [name] : names);
});

test('each deployment is scaled', () => {
  const scaled = ofKind('HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef);
  const deployments = ofKind('Deployment').map(({ kind, metadata }) => ({ kind, name: metadata.name }));
  expect(scaled).toEqual(deployments.map((one) => expect.objectContaining(one)));
});

test('DNS, the stores and the mail server are reached wherever they are: a cache of DNS on the node is in no namespace', () => {
  const anywhere = policies.flatMap(({ spec }) => spec.egress?.filter(({ to }) => !to) ?? []);
  const open = new Set(anywhere.flatMap(({ ports }) => ports.map(({ port }) => port)));
  expect([...open]).toEqual([53, 5432, 6379, 465, 587]);
});

test('a process gets longer to stop than it takes', () => {
  const { SHUTDOWN_GRACE_SECONDS, WORKER_SHUTDOWN_SECONDS } = base;
  const longest = { api: Number(SHUTDOWN_GRACE_SECONDS) + LAST_SECONDS, worker: Number(WORKER_SHUTDOWN_SECONDS) };
  for (const [name, seconds] of Object.entries(longest)) {
    expect(podOf(name).spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds + CLOSE_SECONDS);
  }
});

describe('started with what they set', () => {
  let database: TestDatabase;
  const programs: Program[] = [];
  const urls: Record<string, Record<string, string>> = {};
  beforeAll(async () => {
    database = await createDatabase();
    await Promise.all(['api', 'worker'].map(startAsSet));
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await database.drop();
  });

  /** With the secrets that it is given, on ports that are free. */
  async function startAsSet(name: string): Promise<void> {
    const { args, envFrom } = containerOf(name);
    const secrets = envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []);
    const given = secrets.flatMap((secret) => Object.keys(settings(`overlays/example/${secret}.secret.env.example`)));
    const SMTP_URL = 'smtps://mail.example.com';
    const values: Record<string, string> = { POSTGRES_URL: database.url, SECRET_KEY: STRONG, SMTP_URL };
    const port = String(await freePort());
    const program = await start(basename(args[1]!, '.js'), {
      PATH: process.env.PATH,
      ...base,
      ...settings('overlays/example/settings.env'),
      ...Object.fromEntries(given.map((variable) => [variable, values[variable]])),
      PORT: '0',
      METRICS_PORT: port,
      SHUTDOWN_GRACE_SECONDS: '0',
    });
    programs.push(program);
    urls[name] = { http: program.url, metrics: `http://127.0.0.1:${port}` };
  }

  test.each(['api', 'worker'])('%s answers its probes', async (name) => {
    const { startupProbe, livenessProbe, readinessProbe } = containerOf(name);
    for (const { httpGet } of [startupProbe!, livenessProbe!, readinessProbe!]) {
      const { status } = await fetch(urls[name]![httpGet.port]! + httpGet.path);
      expect({ ...httpGet, status }).toEqual({ ...httpGet, status: 200 });
    }
  });
});
