/** What a DTO does not declare never leaves the house, whatever a handler answers. */
import { join } from 'node:path';
import { type Api, PREFIX, useApi } from '../../support/api.js';
import { inviteEveryone, type People } from '../../support/body-routes.js';
import { Contract } from '../../support/openapi.js';
import { type Program, start } from '../../support/program.js';
import { send, type Sent } from '../../support/raw.js';

const LEAKY = join(__dirname, '../../support/leaky.mjs');

let api: Api;
let leaky: Program;
let people: People;
let document: Contract;
beforeAll(async () => {
  api = await useApi();
  leaky = await start(LEAKY, api.env);
  people = await inviteEveryone(api);
  document = new Contract((await send(leaky.url, { path: '/openapi.json' })).text);
});
afterAll(async () => {
  await leaky.stop();
  await api.stop();
});

const ask = ({ path, ...sent }: Sent) => send(leaky.url, { ...sent, path: PREFIX + path });

/** What is wrong with a body that should be what the document says of the route. */
function flaws(route: string, text: string): string[] {
  const { responses } = document.operations().find((operation) => operation.route === route)!;
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2'))!;
  return document.mismatches(success.content!['application/json']!.schema, JSON.parse(text));
}

test.each([
  ['GET', '/users', '/users'],
  ['GET', '/users/me', '/users/me'],
  ['GET', '/users/{username}', '/users/ada'],
  ['GET', '/users/{username}/posts', '/users/ada/posts'],
  ['GET', '/users/{username}/posts', '/users/ada/posts?after='],
  ['GET', '/users/{username}/posts/{post_id}', '/users/ada/posts/1'],
  ['GET', '/posts', '/posts'],
  ['GET', '/posts', '/posts?after='],
  ['GET', '/posts/{post_id}', '/posts/1'],
  ['GET', '/auth/sessions', '/auth/sessions'],
  ['GET', '/admin/users', '/admin/users'],
  ['GET', '/admin/users/{username}', '/admin/users/ada'],
  ['POST', '/users/{username}/posts', '/users/ada/posts', { title: 'Title', text: 'Text' }],
  ['PATCH', '/users/{username}/posts/{post_id}', '/users/ada/posts/1', { title: 'Title' }],
  ['PATCH', '/users/{username}', '/users/ada', { name: 'Ada' }],
  ['PATCH', '/admin/users/{username}', '/admin/users/ada', { name: 'Ada' }],
  ['POST', '/admin/users/{username}/restore', '/admin/users/ada/restore'],
  ['POST', '/admin/posts/{post_id}/restore', '/admin/posts/1/restore'],
] as [string, string, string, object?][])(
  '%s %s answers what it declares, and nothing else',
  async (...[method, template, path, body]) => {
    const token = people.tokens[path.startsWith('/admin') ? 'superuser' : 'ada'];
    // What a HEAD leaves in the cache, a GET may answer.
    if (method === 'GET') await ask({ method: 'HEAD', path, token });
    const { status, text } = await ask({ method, path, token, body });
    expect([200, 201]).toContain(status);
    expect(flaws(`${method} ${PREFIX}${template}`, text)).toEqual([]);
  },
);
