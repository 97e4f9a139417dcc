import { get, type IncomingMessage } from 'node:http';
import { type Api, leave, startApi, type User } from '../../support/api.js';
import { DEPLOYED, DOCS_PATHS } from '../../support/docs-paths.js';
import { expectChallenge, grant, newSuperuser } from '../../support/docs-visits.js';
import { expectProblem, send } from '../../support/raw.js';

let api: Api;
let plain: User;
let root: User;
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED });
  plain = await api.signUp();
  root = await api.superuser();
});
afterAll(() => api.stop());

const ask = (path: string, token?: string, method = 'GET') => send(api.program.url, { path, token, method });

test.each(DOCS_PATHS)('%s is for superusers', async (path) => {
  for (const token of [undefined, '', 'nonsense', `${root.token}x`]) {
    expectChallenge(await ask(path, token), 'not_signed_in');
  }
  expectProblem(await ask(path, plain.token), 403, 'superuser_only');
  const { status, headers, text } = await ask(path, root.token);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(text).not.toBe('');
  for (const name of ['www-authenticate', 'set-cookie']) expect(headers).not.toHaveProperty(name);
  expect((await ask(path, undefined, 'HEAD')).status).toBe(401);
});

test('/ leads nowhere', async () => {
  for (const token of [undefined, root.token]) expectProblem(await ask('/', token), 404, 'not_found');
});

test('each challenge has a header of its own, or Chromium would not ask for a password', async () => {
  const answer = await new Promise<IncomingMessage>((done) => get(`${api.program.url}/docs`, { agent: false }, done));
  answer.resume();
  const { rawHeaders } = answer;
  const lines = rawHeaders.filter((_, index) => /^www-authenticate$/i.test(rawHeaders[index - 1] ?? ''));
  expect(lines).toEqual(['Basic realm="docs", charset="UTF-8"', 'Bearer']);
});

test('a conditional request learns nothing either', async () => {
  const { headers } = await ask('/docs/swagger-ui.css', root.token);
  const conditions = { 'if-none-match': headers.etag ?? '*', 'if-modified-since': new Date().toUTCString() };
  const answer = await send(api.program.url, { path: '/docs/swagger-ui.css', headers: conditions });
  expectProblem(answer, 401, 'not_signed_in');
});

test('other ways to write a path are no way around', async () => {
  const ways = [
    '//docs',
    '/docs//swagger-ui.css',
    '/DOCS',
    '/docs/%2e/index.html',
    '/%64ocs',
    '/docs;x',
    '/docs?x',
    '/docs/./',
  ];
  ways.push(
    '/redoc/',
    '/redoc/%72edoc.standalone.js',
    '/openapi%2ejson',
    '/openapi.yaml',
    '/docs-json',
    '/openapi-yaml',
  );
  for (const path of ways) expect({ path, status: (await ask(path)).status }).not.toMatchObject({ status: 200 });
});

test('a superuser who is demoted or deleted reads no more', async () => {
  const user = await newSuperuser(api, root);
  expect((await ask('/docs', user.token)).status).toBe(200);
  await grant(root, user, false);
  expectProblem(await ask('/docs', user.token), 403, 'superuser_only');
  await grant(root, user, true);
  expect((await ask('/docs', user.token)).status).toBe(200);
  await leave(user).expect(204);
  expectChallenge(await ask('/docs', user.token), 'not_signed_in');
});
