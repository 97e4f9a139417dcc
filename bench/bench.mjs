/**
 * `npm run bench`: the program as in production beside its baselines, in turns; prints medians and ratios, and writes
 * bench/results/. `npm run bench -- growth`: uncached reads at 10 thousand, 100 thousand and 1 million posts.
 * `npm run bench -- memory`: resident memory after 10 thousand and 1 million requests. `npm run bench -- processes`: one
 * and two processes. `npm run bench -- tasks`: queueing and running tasks. Options: --rounds 3, --seconds 5, --connections 64, --posts 10000.
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { fillTo, USERS, withDatabase } from './database.mjs';
import { load, measure } from './load.mjs';
import { start } from './programs.mjs';
import { measureTasks } from './tasks.mjs';
import { report } from './report.mjs';

const PREFIX = '/api/v1';
const PATHS = 1000;
const PASSWORD = 'Analytical-Engine-1843';

const text = (value) => ({ type: 'string', default: value });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: text('3'), seconds: text('5'), connections: text('64'), posts: text('10000') },
});
const options = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const modes = { reads, growth, memory, processes, tasks };
const mode = positionals[0] ?? 'reads';
if (!modes[mode]) throw new Error(`There is no bench ${mode}: ${Object.keys(modes).join(', ')}`);

await withDatabase(async (url) => {
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: 'production',
    PORT: '0',
    POSTGRES_URL: url,
    SECRET_KEY: randomBytes(32).toString('hex'),
    // Every request is counted, none is refused.
    DEFAULT_RATE_LIMIT_LIMIT: '1000000000',
  };
  const results = await modes[mode](env, url);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  report(mode, { machine, options, results });
});

/** Every read against what it is held to. */
async function reads(env, url) {
  await fillTo(url, options.posts);
  const ours = await start('dist/src/main.js', env);
  const uncached = await start('dist/src/main.js', { ...env, CACHE_ENABLED: 'false' });
  const unlogged = await start('dist/src/main.js', { ...env, LOG_LEVEL: 'silent' });
  const byHand = await start('bench/hand-written.mjs', env);
  const typeorm = await start('bench/typeorm.mjs', env);
  const post = postPaths(options.posts)[0];
  const list = `${PREFIX}/posts?page=3`;
  const [postAnswer, listAnswer] = [await warm(ours.url + post), await warm(ours.url + list)];
  const barePost = await start('bench/bare.mjs', { ...env, BODY: postAnswer.body });
  const bareList = await start('bench/bare.mjs', { ...env, BODY: listAnswer.body });
  const authorization = `Bearer ${await signIn(ours.url)}`;
  const pages = Array.from({ length: 100 }, (_, index) => `${PREFIX}/posts?page=${index + 1}`);
  const points = postPaths(options.posts);

  const { medians, samples } = await measure(
    {
      'bare, post': { program: barePost, paths: [post] },
      'cached post': { program: ours, paths: [post] },
      'cached post, no log': { program: unlogged, paths: [post] },
      'cached post, 304': { program: ours, paths: [post], headers: { 'if-none-match': postAnswer.etag } },
      'bare, list': { program: bareList, paths: [list] },
      'cached list': { program: ours, paths: [list] },
      'own account': { program: ours, paths: [`${PREFIX}/users/me`], headers: { authorization } },
      'by hand, post': { program: byHand, paths: points },
      'uncached post': { program: uncached, paths: points },
      'TypeORM findOne': { program: typeorm, paths: points },
      'by hand, list': { program: byHand, paths: pages },
      'uncached list': { program: uncached, paths: pages },
      'TypeORM findAndCount': { program: typeorm, paths: pages },
    },
    options,
  );
  for (const program of [ours, uncached, unlogged, byHand, typeorm, barePost, bareList]) await program.stop();
  const ratio = (read, against, atLeast) => ({ read, against, atLeast });
  return {
    medians,
    samples,
    ratios: [
      ratio('cached post', 'bare, post', 0.5),
      ratio('cached list', 'bare, list', 0.5),
      ratio('cached post, 304', 'bare, post', 0.55),
      ratio('own account', 'cached post', 0.5),
      ratio('cached post', 'cached post, no log', 0.9),
      ratio('uncached post', 'by hand, post', 0.7),
      ratio('uncached list', 'by hand, list', 0.65),
      ratio('cached post', 'TypeORM findOne', 5),
      ratio('cached list', 'TypeORM findAndCount', 5),
      ratio('uncached post', 'TypeORM findOne', 5),
      ratio('uncached list', 'TypeORM findAndCount', 5),
    ],
  };
}

/** The same reads without a cache, with more and more posts. */
async function growth(env, url) {
  const results = { medians: {}, samples: {}, ratios: [] };
  for (const posts of [10_000, 100_000, 1_000_000]) {
    await fillTo(url, posts);
    const program = await start('dist/src/main.js', { ...env, CACHE_ENABLED: 'false' });
    const list = [`${PREFIX}/posts`, `${PREFIX}/posts?page=2`, `${PREFIX}/posts?page=3`];
    const named = { post: { program, paths: postPaths(posts) }, list: { program, paths: list } };
    const targets = Object.fromEntries(Object.entries(named).map(([name, one]) => [`${name} of ${posts}`, one]));
    const { medians, samples } = await measure(targets, options);
    Object.assign(results.medians, medians);
    Object.assign(results.samples, samples);
    await program.stop();
  }
  for (const read of ['post', 'list']) {
    results.ratios.push({ read: `${read} of 1000000`, against: `${read} of 10000`, atLeast: 0.75 });
  }
  return results;
}

/** Tasks beside BullMQ alone. */
function tasks(env) {
  return measureTasks(env, options, signIn);
}

/** Memory of one process that answers from the cache and from the database. */
async function memory(env, url) {
  await fillTo(url, options.posts);
  const program = await start('dist/src/main.js', env);
  const { connections } = options;
  const target = { program, paths: postPaths(options.posts) };
  const few = await load(target, { connections, amount: 10_000 });
  const many = await load(target, { connections, amount: 1_000_000 });
  await program.stop();
  const medians = { 'after 10,000': few, 'after 1,000,000': many };
  const ratios = [{ read: 'after 1,000,000', against: 'after 10,000', figure: 'megabytes', atMost: 1.2 }];
  return { medians, ratios };
}

async function processes(env, url) {
  await fillTo(url, options.posts);
  const one = await start('dist/src/main.js', env);
  const two = await start('dist/src/main.js', { ...env, WEB_CONCURRENCY: '2' });
  const paths = postPaths(options.posts).slice(0, 50);
  const { medians, samples } = await measure(
    { 'one process': { program: one, paths }, 'two processes': { program: two, paths } },
    options,
  );
  for (const program of [one, two]) await program.stop();
  return { medians, samples, ratios: [{ read: 'two processes', against: 'one process' }] };
}

function postPaths(posts) {
  return Array.from({ length: PATHS }, (_, index) => {
    const post = 1 + ((index * 7919) % posts);
    return `${PREFIX}/users/user${1 + ((post - 1) % USERS)}/posts/${post}`;
  });
}

/** Asks until the answer comes from the cache, and gives it. */
async function warm(url) {
  let answer;
  for (let times = 0; times < 5; times++) {
    answer = await fetch(url);
    await new Promise((done) => setTimeout(done, 100));
    if (times < 4) await answer.text();
  }
  return { body: await answer.text(), etag: answer.headers.get('etag') };
}

async function signIn(url) {
  const send = (path, body) =>
    fetch(url + PREFIX + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await send('/users', { name: 'Bench', username: 'bench', email: 'bench@example.com', password: PASSWORD });
  return (await (await send('/auth/login', { username: 'bench', password: PASSWORD })).json()).access_token;
}
