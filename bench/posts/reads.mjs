/** Every read beside what it is held to: the cheapest that one would write by hand, and bare Fastify with the same bytes. */
import { serverOf } from '../database.mjs';
import { measure, mediansOf, NO_FIGURES } from '../load.mjs';
import { start } from '../programs.mjs';
import { PREFIX, profilePaths, signIn, warm } from '../requests.mjs';
import { fillTo, listPaths, postPaths } from './posts.mjs';

const START = 'start of the API';

export async function reads(env, url, options) {
  await fillTo(url, options.rows);
  const starts = await startsOf(env, options.rounds);
  const programs = await startAll(env, options.rows);
  const targets = await targetsOf(programs, options.rows);
  const only = new RegExp(options.only);
  const chosen = Object.entries(targets).filter(([name]) => only.test(name));
  const server = await serverOf(url);
  const { medians, samples } = await measure(Object.fromEntries(chosen), { ...options, server });
  for (const { program } of Object.values(programs)) await program.stop();
  return {
    medians: { ...medians, ...mediansOf({ [START]: starts }) },
    samples: { ...samples, [START]: starts },
    ratios: RATIOS.filter(({ read, against }) => read === START || (read in medians && against in medians)),
  };
}

const node = (read, against, atMost) => ({ read, against, figure: 'node_us', atMost });
const postgres = (read, against, atMost) => ({ read, against, figure: 'postgres_us', atMost });
const RATIOS = [
  node('uncached post', 'by hand, post', 1.35),
  postgres('uncached post', 'by hand, post', 1.15),
  node('uncached list', 'by hand, list', 1.35),
  postgres('uncached list', 'by hand, list', 1.25),
  node('uncached profile', 'by hand, profile', 1.35),
  node('cached post', 'bare, post', 1.5),
  node('cached list', 'bare, list', 1.5),
  node('own account', 'cached post', 1.4),
  node('uncached post', 'TypeORM findOne', 0.3),
  node('uncached list', 'TypeORM findAndCount', 0.3),
  { read: START, figure: 'start_seconds', atMost: process.version.startsWith('v20.') ? 1 : 0.7 },
];

/** Processor time until the API listens, of one start after another. */
async function startsOf(env, rounds) {
  const starts = [];
  for (let round = 0; round < rounds; round++) {
    const program = await start('dist/src/main.js', env);
    starts.push({ ...NO_FIGURES, start_seconds: program.startSeconds });
    await program.stop();
  }
  return starts;
}

async function startAll(env, posts) {
  const ours = await start('dist/src/main.js', env);
  const [post, list] = [postPaths(posts)[0], `${PREFIX}/posts?page=3`];
  const [postAnswer, listAnswer] = [await warm(ours.url + post), await warm(ours.url + list)];
  return {
    ours: { program: ours, etag: postAnswer.etag },
    uncached: { program: await start('dist/src/main.js', { ...env, CACHE_ENABLED: 'false' }) },
    unlogged: { program: await start('dist/src/main.js', { ...env, LOG_LEVEL: 'silent' }) },
    byHand: { program: await start('bench/posts/hand-written.mjs', env) },
    typeorm: { program: await start('bench/posts/typeorm.mjs', env) },
    barePost: { program: await start('bench/posts/bare.mjs', { ...env, BODY: postAnswer.body }), paths: [post] },
    bareList: { program: await start('bench/posts/bare.mjs', { ...env, BODY: listAnswer.body }), paths: [list] },
  };
}

async function targetsOf({ ours, uncached, unlogged, byHand, typeorm, barePost, bareList }, posts) {
  const [post, list] = [barePost.paths, bareList.paths];
  const [points, pages, profiles] = [postPaths(posts), listPaths(), profilePaths()];
  const authorization = `Bearer ${await signIn(ours.program.url)}`;
  return {
    'bare, post': barePost,
    'cached post': { ...ours, paths: post },
    'cached post, no log': { ...unlogged, paths: post },
    'cached post, 304': { ...ours, paths: post, headers: { 'if-none-match': ours.etag } },
    'bare, list': bareList,
    'cached list': { ...ours, paths: list },
    'own account': { ...ours, paths: [`${PREFIX}/users/me`], headers: { authorization } },
    'by hand, post': { ...byHand, paths: points },
    'uncached post': { ...uncached, paths: points },
    'TypeORM findOne': { ...typeorm, paths: points },
    'by hand, profile': { ...byHand, paths: profiles },
    'uncached profile': { ...uncached, paths: profiles },
    'by hand, list': { ...byHand, paths: pages },
    'uncached list': { ...uncached, paths: pages },
    'TypeORM findAndCount': { ...typeorm, paths: pages },
  };
}
