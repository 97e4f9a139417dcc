/**
 * What is measured with posts. `reads`: each with its baselines; `growth`: uncached reads at 10 thousand, 100 thousand and
 * 1 million posts; `memory`: resident memory after 10 thousand and 1 million requests; `processes`: one and two.
 */
import { serverOf } from '../database.mjs';
import { load, measure } from '../load.mjs';
import { start } from '../programs.mjs';
import { PREFIX } from '../requests.mjs';
import { fillTo, pathInTheMiddle, postPaths, SORTED } from './posts.mjs';
import { reads } from './reads.mjs';

export const modes = { reads, growth, memory, processes };

/** The same reads without a cache, with more and more posts. */
async function growth(env, url, options) {
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

/** Memory of one process that answers from the cache and from the database. */
async function memory(env, url, options) {
  await fillTo(url, options.rows);
  const program = await start('dist/src/main.js', env);
  const { connections } = options;
  const target = { program, paths: postPaths(options.rows) };
  const few = await load(target, { connections, amount: 10_000 });
  const many = await load(target, { connections, amount: 1_000_000 });
  await program.stop();
  const medians = { 'after 10,000': few, 'after 1,000,000': many };
  const ratios = [{ read: 'after 1,000,000', against: 'after 10,000', figure: 'megabytes', atMost: 1.2 }];
  return { medians, ratios };
}

async function processes(env, url, options) {
  await fillTo(url, options.rows);
  const one = await start('dist/src/main.js', env);
  const two = await start('dist/src/main.js', { ...env, WEB_CONCURRENCY: '2' });
  const paths = postPaths(options.rows).slice(0, 50);
  const { medians, samples } = await measure(
    { 'one process': { program: one, paths }, 'two processes': { program: two, paths } },
    options,
  );
  for (const program of [one, two]) await program.stop();
  return { medians, samples, ratios: [{ read: 'two processes', against: 'one process' }] };
}
