/** What belongs to a domain, and who needs it. Rooms of the platform that only such domains need go with them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What domains are assembled in: their lines go with them. */
export const ROOT_MODULES = ['src/app.module.ts', 'src/worker.module.ts'];

/** Everything else needs these. */
export const PERMANENT = new Set(['auth', 'users', 'tasks']);

const SETTING = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)[?!]?(?:: [^;=]+)?(?: =|;)/g;
const ENTITY = /@Entity\(\s*(?:\{\s*name:\s*)?'([^']+)'/g;
const TASK = /@Task\(\s*'([^']+)'/g;
const CONTROLLER = /@Controller\(\s*'([^']+)'/;
const HANDLER = /@(Get|Post|Put|Patch|Delete|Sse)\(\s*(?:'([^']*)')?/g;
const IMPORT = /(?:from|import\(?)\s*'(\.[^']+)'/g;
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

export const foldersOfRoom = (room) =>
  [`src/platform/${room}`, `test/platform/${room}`, `test/operations/${room}`, `docs/${room}.md`].filter((path) =>
    existsSync(path),
  );

/** The rooms of the platform that these domains import, and nobody else. */
export function roomsOf(chosen) {
  const rooms = readdirSync('src/platform');
  const all = sourcesIn('src');
  return rooms.filter((room) => {
    const within = join('src/platform', room, '/');
    const needing = all.filter(([file, source]) => !file.startsWith(within) && imports(file, source, within));
    return needing.length > 0 && needing.every(([file]) => isOf(chosen, file));
  });
}

const isOf = (chosen, file) => chosen.some((domain) => file.startsWith(join('src', domain, '/')));

const imports = (file, source, folder) =>
  [...source.matchAll(IMPORT)].some(([, path]) => join(dirname(file), path).startsWith(folder));

/** Every source of a folder, as pairs of path and text. */
export function sourcesIn(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource);
  return files.map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf8')]);
}

const namesIn = (sources, pattern) =>
  sources.flatMap(([, source]) => [...source.matchAll(pattern)].map(([, name]) => name));

/** The names by which other files speak of these domains, and of rooms that go with them. */
export function namesOf(chosen, rooms = []) {
  const isOwn = ([file]) => isOf([...chosen, ...rooms.map((room) => `platform/${room}`)], file);
  const [own, others] = [sourcesIn('src').filter(isOwn), sourcesIn('src').filter((one) => !isOwn(one))];
  const ending = (end) => own.filter(([file]) => file.endsWith(end));
  const elsewhere = new Set(namesIn(others, LITERAL));
  return {
    domains: [...chosen, ...rooms],
    rooms,
    tables: namesIn(ending('.entity.ts'), ENTITY),
    settings: namesIn(ending('.config.ts'), SETTING),
    tasks: namesIn(own, TASK),
    routes: own.flatMap(([, source]) => routesIn(source)),
    /** Metrics, errors and tasks that no other source names. */
    terms: [...new Set(namesIn(own, LITERAL))].filter((name) => !elsewhere.has(name)),
  };
}

/** Such as `GET /users/{username}`. A path says nothing alone: several domains add routes below that of another. */
function routesIn(source) {
  return source.split(/(?=@Controller\()/).flatMap((one) => {
    const [, base] = CONTROLLER.exec(one) ?? [];
    if (base === undefined) return [];
    return [...one.matchAll(HANDLER)].map(([, handler, path]) => {
      const method = handler === 'Sse' ? 'GET' : handler.toUpperCase();
      return `${method} /${path ? `${base}/${path}` : base}`.replaceAll(/:(\w+)/g, '{$1}');
    });
  });
}

/** The other domains and programs that import it, each with a file that does. */
export function dependentsOf(domain) {
  const folder = join('src', domain, '/');
  const files = sourcesIn('src').filter(
    ([file, source]) => !file.startsWith(folder) && !ROOT_MODULES.includes(file) && imports(file, source, folder),
  );
  return files.map(([file]) => ({ file, other: file.split('/').length > 2 ? file.split('/')[1] : undefined }));
}
