/** Who is told of what happens to posts. */
import { type Api, type User } from '../../support/api.js';
import { heard, startLabApi } from '../../support/lab.js';
import { until } from '../../support/program.js';
import { writePost } from '../../posts/posts.js';

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await startLabApi();
  ada = await api.signUp();
});
afterAll(() => api.stop());

test('superusers alone are told of a new post, with what its author is answered', async () => {
  const post = await writePost(ada);
  await until(() => heard(api, 'post.created').length > 0);
  expect(heard(api, 'post.created')).toEqual([{ heard: 'post.created', user_id: null, payload: post }]);
});
