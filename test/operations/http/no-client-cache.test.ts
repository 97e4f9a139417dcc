import { type Api, startApi } from '../../support/api.js';
import { send } from '../../support/raw.js';
import { PUBLIC_READS } from '../../support/routes.js';
import { newScene, type PlayedScene } from '../../support/scenes.js';

let api: Api;
let scene: PlayedScene;
beforeAll(async () => {
  api = await startApi({ CLIENT_CACHE_MAX_AGE: '0' });
  scene = await newScene(api, await api.superuser());
});
afterAll(() => api.stop());

test.each(PUBLIC_READS)('CLIENT_CACHE_MAX_AGE=0 has nobody keep $name', async (route) => {
  for (const method of ['GET', 'HEAD']) {
    const headers = { 'if-none-match': '*' };
    const answer = await send(api.program.url, await scene.request(route, { method, headers }));
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
  }
});
