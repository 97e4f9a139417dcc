/** Every route of the OpenAPI document with what its domain tells of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PREFIX } from './api.js';
import { Contract, type Operation } from './openapi.js';
import type { DomainFacts, RouteFacts } from './route-facts.js';

export interface Route extends RouteFacts {
  /** Such as `GET /users/{username}`. */
  name: string;
  method: string;
  template: string;
  as: NonNullable<RouteFacts['as']>;
  status: number;
  operation: Operation;
}

const TESTS = join(__dirname, '..');
const fileOf = (domain: string) => `test/${domain}/${domain}.facts.ts`;
const pathOf = (domain: string) => join(TESTS, '..', fileOf(domain));

/** By the file that tells them. */
export const FACTS: Record<string, DomainFacts> = Object.fromEntries(
  readdirSync(TESTS)
    .filter((domain) => existsSync(pathOf(domain)))
    .map((domain) => [fileOf(domain), (require(pathOf(domain)) as { facts: DomainFacts }).facts]),
);

export const HEAVY_TASKS = Object.assign(
  {},
  ...Object.values(FACTS).map(({ heavyTasks }) => heavyTasks),
) as NonNullable<DomainFacts['heavyTasks']>;

const OF_EVENT = Object.values(FACTS).reduce((sum, { statementsOfEvent = 0 }) => sum + statementsOfEvent, 0);

const OF_NOTICE = Object.values(FACTS).reduce((sum, { statementsOfNotice = 0 }) => sum + statementsOfNotice, 0);

const OF_SIGN_IN = Object.values(FACTS).reduce((sum, { statementsOfSignIn = 0 }) => sum + statementsOfSignIn, 0);

const nameOf = ({ route }: Operation) => route.replace(PREFIX, '');

/** What the API says of itself with default settings, and the permissions that it knows. */
export const DESCRIBED = JSON.parse(readFileSync(process.env.TEST_DOCUMENT!, 'utf8')) as {
  document: object;
  permissions: object[];
};
export const DOCUMENT = new Contract(JSON.stringify(DESCRIBED.document));
const OPERATIONS = new Map(DOCUMENT.operations().map((operation) => [nameOf(operation), operation]));

const addedTo = (name: string) => Object.values(FACTS).reduce((sum, { adds }) => sum + (adds?.[name] ?? 0), 0);
const ADDED_TO_PASSWORDS = Object.values(FACTS).reduce((sum, { addsToPasswords = 0 }) => sum + addsToPasswords, 0);
const addedBy = (operation?: Operation) => (operation?.['x-fresh-proof'] === 'password' ? ADDED_TO_PASSWORDS : 0);

export const ROUTES: Route[] = Object.values(FACTS)
  .flatMap(({ routes }) => Object.entries(routes))
  .flatMap(([name, facts]) => {
    const operation = OPERATIONS.get(name);
    const [method, template] = name.split(' ') as [string, string];
    const { publishes = 0, tells = 0, signsIn = false } = facts;
    const added = addedTo(name) + addedBy(operation) + (signsIn ? OF_SIGN_IN : 0);
    const statements = facts.statements + added + publishes * OF_EVENT + tells * OF_NOTICE;
    return operation
      ? { as: 'user' as const, status: 200, ...facts, statements, name, method, template, operation }
      : [];
  });

/** The fields that other domains keep in one. */
export const fieldsIn = (domain: string) => Object.values(FACTS).flatMap(({ fields }) => fields?.[domain] ?? []);

/** Public reads, which may be cached; of files, each domain says so itself. */
export const PUBLIC_READS = ROUTES.filter(
  ({ method, as, operation }) => method === 'GET' && as === 'nobody' && answersJson(operation),
);

function answersJson({ responses }: Operation): boolean {
  return 'application/json' in (responses[200]?.content ?? {});
}

const takes =
  (name: string) =>
  ({ operation }: Route) =>
    operation.parameters.some((one) => one.name === name);
/** Whatever is read by the page. */
export const LISTS = ROUTES.filter(takes('items_per_page'));
export const CURSOR_LISTS = LISTS.filter(takes('after'));

export type BodyRoute = Route & { body: Record<string, unknown> };
/** Whatever needs a body of JSON. */
export const BODY_ROUTES: BodyRoute[] = ROUTES.filter(
  ({ operation, file }) => operation.requestBody?.required && !file,
).map((route) => Object.assign({ ...route }, { body: route.body ?? {} }));

/** The fields of the JSON body of a route, by the document; where there are several, of the one that its facts send. */
export function fieldsOf({ operation, body }: Route) {
  const schema = DOCUMENT.resolve(operation.requestBody!.content['application/json']!.schema)!;
  const { properties = {}, required = [] } = DOCUMENT.chosen(schema, body);
  return { properties, required };
}

/** Where the facts of a route belong. */
function homeOf({ tags: [tag] = [], path }: Operation): string {
  const [first, second] = path.replace(PREFIX, '').split('/').slice(1) as [string, string];
  return fileOf(tag === 'admin' ? second : (tag ?? first));
}

/** What facts lack, in words that say which file wants which line. */
function lackOf(operation: Operation, facts: RouteFacts | undefined): string | undefined {
  const [name, home] = [nameOf(operation), homeOf(operation)];
  if (!facts) return `${home} wants a line for '${name}': { statements: …, and what else it needs of RouteFacts }`;
  const isList = operation.parameters.some((one) => one.name === 'items_per_page');
  if (isList && !facts.lists) return `${home} wants \`lists\` for '${name}': the name in \`rows\` of what it lists`;
  if (operation.requestBody?.required && !facts.body && !facts.file) return `${home} wants a \`body\` for '${name}'`;
  return undefined;
}

/** What facts lack of the routes, and what they have too much. */
export function flawsOf(operations: Operation[], facts = FACTS): string[] {
  const told = Object.entries(facts).flatMap(([file, { routes }]) =>
    Object.entries(routes).map(([name, one]) => ({ file, name, one })),
  );
  const byName = new Map(told.map(({ name, one }) => [name, one]));
  const known = new Set(operations.map(nameOf));
  const lacks = operations.flatMap((operation) => lackOf(operation, byName.get(nameOf(operation))) ?? []);
  const excess = told.filter(({ name, one }) => !known.has(name) || byName.get(name) !== one);
  return [...lacks, ...excess.map(({ file, name }) => `${file}: remove the line for '${name}'`)];
}
