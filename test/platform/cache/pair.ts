/** Two instances of the API on one database, a third that caches nothing, and what they answer to public reads. */
import { Agent } from 'node:http';
import { type Api, PREFIX, startApi, type User } from '../../support/api.js';
import { type Environment, type Program, start, until } from '../../support/program.js';
import { send } from '../../support/raw.js';

export interface Pair {
  api: Api;
  root: User;
  /** Where writes go to. */
  own: string;
  /** Where they have to be heard of. */
  other: string;
  /** Answers what is in the database: in no cache, and on no replica. */
  uncached: string;
  stop(): Promise<void>;
}

export async function startPair(overrides: Environment = {}): Promise<Pair> {
  const api = await startApi(overrides);
  const more: Program[] = await Promise.all([
    start('main', api.env),
    start('main', { ...api.env, CACHE_ENABLED: 'false', POSTGRES_REPLICA_URLS: undefined }),
  ]);
  const [other, uncached] = more.map(({ url }) => url) as [string, string];
  const root = await api.superuser();
  const stop = async () => {
    await Promise.all(more.map((program) => program.stop()));
    await api.stop();
  };
  return { api, root, own: api.program.url, other, uncached, stop };
}

// Suites of thousands of reads.
const agent = new Agent({ keepAlive: true });

/** The body of a public read, or the status where there is none to see. */
export async function answer(url: string, path: string): Promise<string> {
  const { status, text } = await send(url, { path: PREFIX + path, agent });
  return status === 200 ? text : String(status);
}

export function answers(url: string, paths: string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => answer(url, path)));
}

const TAMPER = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'updated_at'
  LOOP EXECUTE format('UPDATE %I SET updated_at = clock_timestamp() + random() * interval ''1 day'' ', name); END LOOP;
  UPDATE "user" SET profile_image_url = 'https://example.com/' || gen_random_uuid();
END $$`;

/** Changes every row behind the back of the API, so that only an answer from the cache is still what it was. */
export async function tamper({ database }: Api): Promise<void> {
  await database.query(TAMPER);
}

/** Waits until every instance answers all of that from its cache; gives what each answers. */
export async function warm(api: Api, urls: string[], paths: string[]): Promise<string[][]> {
  const all = () => Promise.all(urls.map((url) => answers(url, paths)));
  let before: string[][] = [];
  await until(async () => {
    before = await all();
    await tamper(api);
    return JSON.stringify(await all()) === JSON.stringify(before);
  });
  return before;
}

/** Waits until every instance has heard of all writes so far: messages come in their order, but on a busy machine late. */
export async function untilHeard(api: Api, urls: string[]): Promise<void> {
  const { username } = await api.signUp();
  const path = `/users/${username}`;
  const before = await warm(api, urls, [path]);
  await api.database.query(`SELECT pg_notify('cache_invalidated', $1)`, [`user:${username}`]);
  for (const [index, url] of urls.entries()) await until(async () => (await answer(url, path)) !== before[index]![0]);
}
