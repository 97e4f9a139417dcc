import { type Api, PREFIX, startApi, useApi } from '../../support/api.js';
import { expectProblem, send, type Sent } from '../../support/raw.js';

const APP = 'https://app.example.com';
const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

let local: Api;
let production: Api;
beforeAll(async () => {
  const deployed = { ENVIRONMENT: 'production', SECRET_KEY: STRONG, BCRYPT_COST: '10' };
  [local, production] = await Promise.all([
    useApi(),
    startApi({ ...deployed, CORS_ORIGINS: `${APP}, https://other.example.com` }),
  ]);
});
afterAll(() => Promise.all([local.stop(), production.stop()]));

const REQUESTS: [string, Sent, number][] = [
  ['a list', { path: `${PREFIX}/users` }, 200],
  ['a head', { path: `${PREFIX}/users`, method: 'HEAD' }, 200],
  ['a refusal', { path: `${PREFIX}/users/me` }, 401],
  ['an unknown path', { path: '/nope' }, 404],
  ['an unknown method', { path: `${PREFIX}/users`, method: 'PUT' }, 405],
  ['bad input', { path: `${PREFIX}/users`, method: 'POST', body: '{' }, 400],
  ['an unreadable path', { path: `${PREFIX}/users/%ff` }, 400],
  ['an unreadable request', { path: '/', headers: { 'x-big': 'x'.repeat(20_000) } }, 431],
];

test.each(REQUESTS)(
  'the answer to %s cannot be sniffed or framed and says nothing of the server',
  async (_, sent, status) => {
    for (const api of [local, production]) {
      const { headers, ...answer } = await send(api.program.url, sent);
      expect(answer.status).toBe(status);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      expect(headers).not.toHaveProperty('server');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers['strict-transport-security']).toBe(
        api === production ? 'max-age=31536000; includeSubDomains' : undefined,
      );
    }
  },
);

test.each(['/docs', '/redoc', '/docs/swagger-ui-bundle.js'])(
  '%s runs its own scripts only and cannot be framed',
  async (path) => {
    const { headers } = await send(local.program.url, { path });
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; .*frame-ancestors 'none'$/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  },
);

const preflight = (origin: string): Sent => ({
  path: `${PREFIX}/users/ada`,
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'PATCH',
    'access-control-request-headers': 'authorization, idempotency-key',
  },
});

test('pages of the sites in the settings may call, and read the headers that matter', async () => {
  const asked = await send(production.program.url, preflight(APP));
  expect(asked.status).toBe(204);
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': APP,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': expect.stringContaining('PATCH'),
    'access-control-allow-headers': 'authorization, idempotency-key',
  });
  const { headers } = await send(production.program.url, { path: `${PREFIX}/users`, headers: { origin: APP } });
  expect(headers).toMatchObject({ 'access-control-allow-origin': APP, vary: expect.stringMatching(/origin/i) });
  expect(headers['access-control-expose-headers']).toMatch(/ETag.*Idempotency-Replayed.*Location.*X-Request-Id/);
});

test('what asks for the methods of a path and is no preflight is told them, with and without the setting', async () => {
  for (const { program } of [local, production]) {
    for (const headers of [{}, { origin: APP }, { 'access-control-request-method': 'GET' }]) {
      const known = await send(program.url, { path: `${PREFIX}/users/ada`, method: 'OPTIONS', headers });
      expectProblem(known, 405, 'method_not_allowed');
      expect(known.headers.allow?.split(', ').toSorted()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
      expectProblem(await send(program.url, { path: '/nope', method: 'OPTIONS', headers }), 404, 'not_found');
    }
  }
});

test.each(['https://evil.example.com', 'http://app.example.com', `${APP}.evil.com`, 'null'])(
  'pages of %s may not',
  async (origin) => {
    for (const sent of [preflight(origin), { path: `${PREFIX}/users`, headers: { origin } }]) {
      const { headers } = await send(production.program.url, sent);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  },
);

test('without the setting no page of another site may call', async () => {
  const asked = await send(local.program.url, preflight(APP));
  expect(asked.status).toBe(405);
  expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
});
