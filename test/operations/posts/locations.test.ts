import { PREFIX, startApi } from '../../support/api.js';

test('below a path that a proxy strips, the location of a post is one that clients see', async () => {
  const api = await startApi({ PUBLIC_PATH: '/backend' });
  const { agent, username } = await api.signUp();
  const path = `${PREFIX}/users/${username}/posts`;
  const { headers, body } = await agent.post(path).send({ title: 'Title', text: 'Text' }).expect(201);
  expect(headers.location).toBe(`/backend${path}/${body.id}`);
  await api.stop();
});
