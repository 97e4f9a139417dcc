import { changesOnly } from '../../platform/cache/coherence.js';
import { answer, answers, type Pair, startPair, warm } from '../../platform/cache/pair.js';
import { PREFIX } from '../../support/api.js';
import { until } from '../../support/program.js';
import { POSTS } from '../../posts/cached.js';

let pair: Pair;
beforeAll(async () => {
  pair = await startPair();
});
afterAll(() => pair.stop());

changesOnly(() => pair, POSTS);

test('the posts of a user name that passes to somebody else are those of that person', async () => {
  const { api, root, own, other } = pair;
  const { ada } = await POSTS.gather(api, root);
  const path = `/users/${ada.username}`;
  await warm(api, [own, other], [path, `${path}/posts`]);
  await ada.agent
    .patch(PREFIX + path)
    .send({ username: `${ada.username}z` })
    .expect(200);
  expect(await answers(own, [path, `${path}/posts`])).toEqual(['404', '404']);
  await api.signUp({ username: ada.username, email: `new${ada.email}` });
  for (const url of [own, other]) await until(async () => (await answer(url, `${path}/posts`)).includes('"data":[]'));
});
