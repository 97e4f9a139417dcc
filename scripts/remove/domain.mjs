/** What belongs to a domain, and who needs it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What domains are assembled in: their lines go with them. */
export const ROOT_MODULES = ['src/app.module.ts', 'src/worker.module.ts'];

/** Everything else needs these. */
export const PERMANENT = new Set(['auth', 'users', 'tasks']);

const SETTING = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)[?!]?(?:: [^;=]+)?(?: =|;)/g;
const ENTITY = /@Entity\(\s*(?:\{\s*name:\s*)?'([^']+)'/g;
const TASK = /@Task\(\s*'([^']+)'/g;
const CONTROLLER = /@Controller\(\s*'([^']+)'/g;
const LITERAL = /'([a-z][a-z0-9]*(?:_[a-z0-9]+)+)'/g;

const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts');

export const domains = () =>
  readdirSync('src', { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() && one.name !== 'platform' ? [one.name] : [],
  );

export const removable = () => domains().filter((domain) => !PERMANENT.has(domain));

export const foldersOf = (domain) =>
  [`src/${domain}`, `test/${domain}`, `test/operations/${domain}`, `bench/${domain}`, `docs/${domain}.md`].filter(
    (path) => existsSync(path),
  );

/** Every source of a folder, as pairs of path and text. */
export function sourcesIn(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource);
  return files.map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf8')]);
}

const namesIn = (sources, pattern) =>
  sources.flatMap(([, source]) => [...source.matchAll(pattern)].map(([, name]) => name));

/** The names by which other files speak of these domains. */
export function namesOf(chosen) {
  const isOwn = ([file]) => chosen.some((domain) => file.startsWith(join('src', domain, '/')));
  const [own, others] = [sourcesIn('src').filter(isOwn), sourcesIn('src').filter((one) => !isOwn(one))];
  const ending = (end) => own.filter(([file]) => file.endsWith(end));
  const elsewhere = new Set(namesIn(others, LITERAL));
  return {
    domains: chosen,
    tables: namesIn(ending('.entity.ts'), ENTITY),
    settings: namesIn(ending('.config.ts'), SETTING),
    tasks: namesIn(own, TASK),
    routes: namesIn(own, CONTROLLER).map((path) => `/${path.replaceAll(/:(\w+)/g, '{$1}')}`),
    /** Metrics, errors and tasks that no other source names. */
    terms: [...new Set(namesIn(own, LITERAL))].filter((name) => !elsewhere.has(name)),
  };
}

/** The other domains and programs that import it, each with a file that does. */
export function dependentsOf(domain) {
  const needs = new RegExp(`'(?:\\./|(?:\\.\\./)+)${domain}/`);
  const files = sourcesIn('src').filter(
    ([file, source]) =>
      !file.startsWith(join('src', domain, '/')) && !ROOT_MODULES.includes(file) && needs.test(source),
  );
  return files.map(([file]) => ({ file, other: file.split('/').length > 2 ? file.split('/')[1] : undefined }));
}
