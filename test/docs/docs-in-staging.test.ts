import { type Api, startApi } from '../support/api.js';
import { DEPLOYED, DOCS_PATHS } from '../support/docs-paths.js';
import { expectProblem, send } from '../support/raw.js';

let api: Api;
let tokens: { plain: string; superuser: string };
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'staging', ...DEPLOYED });
  tokens = { plain: (await api.signUp()).token, superuser: (await api.superuser()).token };
});
afterAll(() => api.stop());

const ask = (path: string, token?: string, method = 'GET') => send(api.program.url, { path, token, method });

test.each(DOCS_PATHS)('%s is for superusers', async (path) => {
  for (const token of [undefined, 'nonsense', `${tokens.superuser}x`]) {
    const answer = await ask(path, token);
    expectProblem(answer, 401, 'not_signed_in');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  }
  expectProblem(await ask(path, tokens.plain), 403, 'superuser_only');
  const answer = await ask(path, tokens.superuser);
  expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  expect(answer.text).not.toBe('');
  expect((await ask(path, undefined, 'HEAD')).status).toBe(401);
});

test('a conditional request learns nothing either', async () => {
  const { headers } = await ask('/docs/swagger-ui.css', tokens.superuser);
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

test('a superuser who is deleted or demoted reads no more', async () => {
  const root = tokens.superuser;
  await api.database.query(`UPDATE "user" SET is_superuser = false WHERE username = 'admin'`);
  expectProblem(await ask('/docs', root), 403, 'superuser_only');
  await api.database.query(`UPDATE "user" SET is_superuser = true, is_deleted = true WHERE username = 'admin'`);
  expectProblem(await ask('/docs', root), 401, 'not_signed_in');
  await api.database.query(`UPDATE "user" SET is_deleted = false WHERE username = 'admin'`);
  expect((await ask('/docs', root)).status).toBe(200);
});
