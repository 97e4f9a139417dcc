/**
 * `npm run bench`: the program as in production beside its baselines, in turns; prints medians and ratios of processor
 * time, and writes bench/results/. `--only <pattern>` measures reads of such names, and writes nothing.
 * `npm run bench -- growth`: uncached reads at 10 thousand, 100 thousand and 1 million posts; `memory`: resident memory
 * after 10 thousand and 1 million requests; `processes`: one and two processes; `tasks`: queueing and running tasks.
 * Options: --rounds 3, --seconds 5, --connections 64, --posts 10000.
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { fillTo, serverOf, withDatabase } from './database.mjs';
import { load, measure } from './load.mjs';
import { start } from './programs.mjs';
import { reads } from './reads.mjs';
import { report } from './report.mjs';
import { pathInTheMiddle, postPaths, PREFIX, signIn, SORTED } from './requests.mjs';
import { measureTasks } from './tasks.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: text('3'), seconds: text('5'), connections: text('64'), posts: text('10000'), only: text('') },
});
const { only, ...numbers } = values;
const options = { only, ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])) };
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
  const results = await modes[mode](env, url, options);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  report(mode, { machine, options, results });
});

/** The same reads without a cache, with more and more posts. */
async function growth(env, url) {
  const results = { medians: {}, samples: {}, ratios: [] };
  const server = await serverOf(url);
  for (const posts of [10_000, 100_000, 1_000_000]) {
    await fillTo(url, posts);
    const program = await start('dist/src/main.js', { ...env, CACHE_ENABLED: 'false' });
    const named = {
      post: postPaths(posts),
      list: [1, 2, 3].map((page) => `${PREFIX}/posts?page=${page}`),
      'sorted list': [SORTED],
      'sorted list, deep': [await pathInTheMiddle(program.url, posts)],
    };
    const targets = Object.entries(named).map(([name, paths]) => [`${name} of ${posts}`, { program, paths }]);
    const { medians, samples } = await measure(Object.fromEntries(targets), { ...options, server });
    Object.assign(results.medians, medians);
    Object.assign(results.samples, samples);
    await program.stop();
  }
  for (const read of ['post', 'list', 'sorted list', 'sorted list, deep']) {
    for (const figure of ['node_us', 'postgres_us']) {
      results.ratios.push({ read: `${read} of 1000000`, against: `${read} of 10000`, figure, atMost: 1.25 });
    }
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
