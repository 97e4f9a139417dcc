/** Answers are kept under what was asked for, not under how it was written. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, PREFIX } from '../../support/api.js';
import { startLabApi } from '../../support/lab.js';
import { makeProduct, pathOf, PRODUCTS } from '../../support/products.js';
import { until } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { listenIn, type Wire } from '../../support/statements.js';

const HEARD_MILLISECONDS = 1_000;

let wire: Wire;
let api: Api;
let product: string;
beforeAll(async () => {
  wire = await listenIn();
  api = await startLabApi({}, wire.through);
  product = pathOf(await makeProduct(await api.signUp({ username: 'ada' })));
  // An API hears of its own writes too, and drops what it has kept since.
  await sleep(HEARD_MILLISECONDS);
});
afterAll(async () => {
  await api.stop();
  await wire.close();
});

/** Sends a request line that no client library would write, and gives the status of its answer. */
function status(target: string): Promise<number> {
  const { hostname, port } = new URL(api.program.url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
    });
    socket.once('data', (data) => done(Number(/ (\d+) /.exec(data.toString())![1])));
    socket.once('error', fail);
  });
}

const reads = () =>
  wire
    .statements()
    .filter((statement) => statement.includes('FROM "lab_product"') || statement.includes('FROM "user"'));

/** The statements that these requests came to once the first is kept; each has to be answered with 200. */
async function readsOf(targets: string[]): Promise<{ target: string; reads: string[] }[]> {
  await until(async () => {
    await status(PREFIX + targets[0]);
    return reads().length === 0;
  });
  const found = [];
  for (const target of targets.slice(1)) {
    const answered = await status(target.startsWith('http') ? target : PREFIX + target);
    expect({ target, answered }).toEqual({ target, answered: 200 });
    found.push({ target, reads: reads() });
  }
  return found.filter(({ reads: some }) => some.length > 0);
}

test.each([
  [
    'a page',
    [
      PRODUCTS,
      `${PRODUCTS}?`,
      `${PRODUCTS}?page=1`,
      `${PRODUCTS}?page=01`,
      `${PRODUCTS}?page=0000000000000001`,
      `${PRODUCTS}?items_per_page=10`,
      `${PRODUCTS}?items_per_page=010&page=1`,
      `${PRODUCTS}?page=1&items_per_page=10`,
      `${PRODUCTS}?%70age=1`,
      `${PRODUCTS}?page=%31`,
      `${PRODUCTS}?&page=1&`,
      '/lab/%70roducts?page=1',
      `http://elsewhere.example${PREFIX}${PRODUCTS}`,
      `http://another.example${PREFIX}${PRODUCTS}?page=1`,
    ],
  ],
  [
    'a page by cursor',
    [
      `${PRODUCTS}?after=`,
      `${PRODUCTS}?page=2&after=`,
      `${PRODUCTS}?after&page=3`,
      `${PRODUCTS}?items_per_page=10&after=`,
      `${PRODUCTS}?page=7000&after=`,
    ],
  ],
  ['a sorted page', [`${PRODUCTS}?sort=-id`, PRODUCTS, `${PRODUCTS}?sort=%2Did&page=1`, `${PRODUCTS}?page=1&sort=-id`]],
  [
    'a search',
    ['/users?search=ada', '/users?search=+ada++', '/users?page=1&search=%61da', '/users?search=ada&items_per_page=10'],
  ],
  ['a page of users', ['/users?page=2', '/users?page=02', '/users?items_per_page=10&page=2', '/users?page=%32']],
  ['a profile', ['/users/ada', '/users/%61da', '/users/%61%64%61', '/users/ada?', '/users/ada?x=1', '/users/ada?x=2']],
])('%s is one entry, however its URL is written', async (_, targets) => {
  expect(await readsOf(targets)).toEqual([]);
});

test('a product is one entry, however its URL is written', async () => {
  const encoded = product.replace(/\d/, '%3$&');
  expect(await readsOf([product, encoded, `${product}?x=1`])).toEqual([]);
});

test.each([
  [`${PRODUCTS}?page=1`, `${PRODUCTS}?page=2`],
  [`${PRODUCTS}?page=1`, `${PRODUCTS}?items_per_page=9`],
  [`${PRODUCTS}?page=1`, `${PRODUCTS}?after=`],
  [PRODUCTS, '/users'],
  ['/users', '/users/ada'],
])('%s and %s are two', async (one, other) => {
  const [{ text: first }, { text: second }] = [
    await send(api.program.url, { path: PREFIX + one }),
    await send(api.program.url, { path: PREFIX + other }),
  ];
  expect(first).not.toBe(second);
});

test.each(['page=0', 'page=1&page=1', 'page=1001&items_per_page=100', 'x=1', 'after=!', 'page=%00'])(
  '?%s is refused each time, and reads nothing',
  async (query) => {
    reads();
    expect([await status(`${PREFIX}${PRODUCTS}?${query}`), await status(`${PREFIX}${PRODUCTS}?${query}`)]).toEqual([
      422, 422,
    ]);
    expect(reads()).toEqual([]);
  },
);
