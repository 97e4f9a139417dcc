/** What a DTO does not declare never leaves the house, whatever a handler answers. */
import { join } from 'node:path';
import { type Api, useApi, type User } from '../../support/api.js';
import { type Program, start } from '../../support/program.js';
import { send } from '../../support/raw.js';
import { CURSOR_LISTS, DOCUMENT, type Route, ROUTES } from '../../support/routes.js';
import { newScene } from '../../support/scenes.js';

const LEAKY = join(__dirname, '../../support/leaky.mjs');

let api: Api;
let leaky: Program;
let root: User;
beforeAll(async () => {
  api = await useApi();
  leaky = await start(LEAKY, api.env);
  root = await api.superuser();
});
afterAll(async () => {
  await leaky.stop();
  await api.stop();
});

/** What is declared of an answer of success, where that is JSON. */
function declared({ status, operation }: Route) {
  return operation.responses[status]?.content?.['application/json']?.schema;
}

// What a stream has, its writer chooses; it has no entity tag.
const isStream = ({ method, status, operation }: Route) =>
  method === 'GET' && !('ETag' in (operation.responses[status]?.headers ?? {}));
// What a task takes is answered as it is stored.
const isStored = (mismatch: string) => /\.payload\./.test(mismatch);

test.each(ROUTES.filter((route) => declared(route) && !isStream(route)))(
  '$name answers what it declares, and nothing else',
  async (route) => {
    const sent = await (await newScene(api, root)).ready(route);
    // What a HEAD leaves in the cache, a GET may answer.
    if (route.method === 'GET') await send(leaky.url, { ...sent, method: 'HEAD' });
    const pages = CURSOR_LISTS.includes(route) ? ['', '?after='] : [''];
    for (const page of pages) {
      const { status, text } = await send(leaky.url, { ...sent, path: sent.path + page });
      expect(status).toBe(route.status);
      const mismatches = DOCUMENT.mismatches(declared(route)!, JSON.parse(text));
      expect(mismatches.filter((one) => !isStored(one))).toEqual([]);
    }
  },
);
