import { type Api, startApi } from '../../support/api.js';
import { DEPLOYED, DOCS_PATHS } from '../../support/docs-paths.js';
import { type Received, send } from '../../support/raw.js';

let api: Api;
let superuser: string;
beforeAll(async () => {
  api = await startApi({ ENVIRONMENT: 'production', ...DEPLOYED });
  superuser = (await api.superuser()).token;
});
afterAll(() => api.stop());

const ask = (path: string, token?: string, method = 'GET') => send(api.program.url, { path, token, method });

/** All of an answer that is not about the one request. */
function rest({ status, headers, text }: Received, path: string): object {
  const { 'x-request-id': id, date, 'content-length': length, ...others } = headers;
  expect(typeof id).toBe('string');
  expect(typeof date).toBe('string');
  const body = text && { ...(JSON.parse(text) as object), instance: '', request_id: '' };
  return { status, body, headers: others, length: Number(length) - path.length };
}

test.each(['/', ...DOCS_PATHS, '/redoc/', '/docs-json', '/openapi.yaml'])('%s does not exist', async (path) => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
    for (const token of [undefined, superuser]) {
      const unknown = await ask('/anything', token, method);
      expect(unknown.status).toBe(404);
      expect({ method, ...rest(await ask(path, token, method), path) }).toEqual({
        method,
        ...rest(unknown, '/anything'),
      });
    }
  }
});
