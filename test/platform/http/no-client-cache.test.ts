import { type Api, PREFIX, startApi } from '../../support/api.js';
import { inviteEveryone } from '../../support/body-routes.js';
import { send } from '../../support/raw.js';

let api: Api;
beforeAll(async () => {
  api = await startApi({ CLIENT_CACHE_MAX_AGE: '0' });
  await inviteEveryone(api);
});
afterAll(() => api.stop());

test.each(['/posts', '/posts/1', '/users', '/users/ada', '/users/ada/posts', '/users/ada/posts/1'])(
  'CLIENT_CACHE_MAX_AGE=0 has nobody keep %s',
  async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const headers = { 'if-none-match': '*' };
      const answer = await send(api.program.url, { path: PREFIX + path, method, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  },
);
