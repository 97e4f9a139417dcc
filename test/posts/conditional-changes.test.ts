import { type Api, PREFIX, useApi } from '../support/api.js';
import { writePost } from './posts.js';
import { send } from '../support/raw.js';

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

test('of a change and deletions at once of what all have seen, one is made and the others refused', async () => {
  const user = await api.signUp();
  for (let round = 0; round < 5; round++) {
    const { id } = await writePost(user);
    const path = `${PREFIX}/users/${user.username}/posts/${id}`;
    const { headers } = await send(api.program.url, { path });
    const change = (method: string, body?: object) =>
      send(api.program.url, { path, method, body, token: user.token, headers: { 'if-match': headers.etag } });
    const answers = await Promise.all([change('PATCH', { title: 'Changed' }), change('DELETE'), change('DELETE')]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    for (const status of statuses.filter((one) => one >= 300)) expect([404, 412]).toContain(status);
  }
});
