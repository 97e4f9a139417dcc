import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { usageOf } from './programs.mjs';

// What `load` tells beside throughput and latency.
export const NO_FIGURES = { requests_per_second: '', p50: '', p99: '', node_us: '', postgres_us: '', megabytes: '' };

const REST_MILLISECONDS = 2_000;
const WARM_SECONDS = 1;

/**
 * Loads every target once a round, so that a slow minute of the machine hits all of them, each time in another order and
 * after a second that does not count: a program that has rested is slow at first.
 * @param targets by name: `{program, paths, headers}`
 * @returns by name the medians of requests per second, latency in ms, processor time in µs a request of the program
 *   and of PostgreSQL, memory in MB
 */
export async function measure(targets, { rounds, seconds, connections, server }) {
  const samples = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, target] of shuffled(Object.entries(targets))) {
      await load(target, { seconds: WARM_SECONDS, connections });
      samples[name].push(await load(target, { seconds, connections, server }));
      // The target and the database finish what they have begun, or the next target pays for it.
      await sleep(REST_MILLISECONDS);
    }
  }
  return { medians: mediansOf(samples), samples };
}

/** @param samples by name: what each round has measured */
export function mediansOf(samples) {
  return Object.fromEntries(
    Object.entries(samples).map(([name, runs]) => [
      name,
      Object.fromEntries(Object.keys(runs[0]).map((figure) => [figure, median(runs.map((run) => run[figure]))])),
    ]),
  );
}

/** @param server the process id of PostgreSQL, if its processor time counts too */
export async function load({ program, paths, headers }, { seconds, connections, amount, server }) {
  const spent = () => ({ node: usageOf(program.pid), postgres: server ? usageOf(server) : { seconds: 0 } });
  const before = spent();
  const result = await autocannon({
    url: program.url,
    connections,
    headers,
    requests: paths.map((path) => ({ path })),
    ...(amount ? { amount } : { duration: seconds }),
  });
  const after = spent();
  const refused = result['4xx'] + result['5xx'] + result.errors;
  // Nothing costs nothing, which would meet every bound.
  if (result.requests.total === 0) throw new Error(`${program.url}${paths[0]}: nothing was answered`);
  if (refused > 0) throw new Error(`${program.url}${paths[0]}: ${refused} of ${result.requests.total} refused`);
  const each = (whose) => tenths(((after[whose].seconds - before[whose].seconds) * 1e6) / result.requests.total);
  return {
    requests_per_second: Math.round(result.requests.average),
    p50: result.latency.p50,
    p99: result.latency.p99,
    node_us: each('node'),
    postgres_us: each('postgres'),
    megabytes: Math.round(after.node.megabytes),
  };
}

function tenths(number) {
  return Math.round(number * 10) / 10;
}

function shuffled(list) {
  return list
    .map((one) => ({ one, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
