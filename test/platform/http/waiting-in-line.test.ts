/** Requests of one address that wait for each other begin in their order, and a few of them in one turn of the event loop. */
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { SendingConfig } from '../../../src/platform/limits/bytes/sending.config.js';
import { ConcurrentRequests } from '../../../src/platform/limits/concurrent-requests.js';

const AT_A_TIME = 4;
// More than one turn of the event loop is given to one address.
const LONG_MILLISECONDS = 10;

/** What the hooks look at. */
const requestFrom = (ip: string) => ({ ip, routeOptions: { config: {} }, headers: {} });
type Hook = (request: object, reply: object, ...rest: unknown[]) => void;

let requests: ConcurrentRequests;
let hooks: Record<string, Hook>;
/** Names of requests, in the order in which they were begun. */
let begun: string[];
beforeEach(() => {
  hooks = {};
  begun = [];
  requests = new ConcurrentRequests(Object.assign(new SendingConfig(), { CONCURRENT_REQUESTS_PER_ADDRESS: AT_A_TIME }));
  requests.watch({ addHook: (name: string, hook: Hook) => (hooks[name] = hook) } as unknown as FastifyInstance);
});

/** Returns how the request ends. */
function come(name: string, work = () => {}, ip = '203.0.113.1'): () => void {
  const request = requestFrom(ip);
  hooks['preValidation']!(request, { raw: new EventEmitter() }, () => {
    begun.push(name);
    work();
  });
  return () => hooks['onSend']!(request, {}, '', () => {});
}

function workLong(): void {
  const until = performance.now() + LONG_MILLISECONDS;
  while (performance.now() < until);
}

test('who comes as another ends does not overtake those who wait', async () => {
  const [endFirst] = ['a', 'b', 'c', 'd'].map((name) => come(name));
  come('waiting');
  endFirst!();
  come('late');
  expect(requests.waiting).toBe(2);
  await nextTurn();
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'waiting']);
});

test('an address whose requests take long begins one in a turn of the event loop', async () => {
  const begunInTurn = [];
  for (const name of ['a', 'b', 'c']) come(name, workLong);
  for (let turn = 0; turn < 3; turn++) {
    begunInTurn.push(begun.length);
    await nextTurn();
  }
  expect(begunInTurn).toEqual([1, 2, 3]);
});

test('others do not wait for it', () => {
  for (const name of ['a', 'b', 'c']) come(name, workLong);
  come('neighbour', undefined, '203.0.113.2');
  expect(begun).toEqual(['a', 'neighbour']);
});
