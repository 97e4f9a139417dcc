/** Who is told of what happens to comments. */
import { type Api, PREFIX, type User } from '../../support/api.js';
import { heard, startLabApi } from '../../support/lab.js';
import { until } from '../../support/program.js';
import { writePost } from '../../posts/posts.js';

let api: Api;
let [ada, grace]: User[] = [];
let comments: string;
beforeAll(async () => {
  api = await startLabApi();
  [ada, grace] = [await api.signUp(), await api.signUp()];
  comments = `${PREFIX}/posts/${(await writePost(ada)).id}/comments`;
});
afterAll(() => api.stop());

const comment = async (body: object) => (await grace!.agent.post(comments).send(body).expect(201)).body;

test('the author of a post is told of comments on it and of replies, with what readers see', async () => {
  const first = await comment({ text: 'First' });
  const reply = await comment({ text: 'Second', parent_id: first.id });
  await until(() => heard(api, 'comment.created').length === 2);
  expect(heard(api, 'comment.created')).toEqual(
    [first, reply].map((payload) => ({ heard: 'comment.created', user_id: ada!.id, payload })),
  );
});

test('the author is told once of a comment that is hidden, and of nothing that is refused', async () => {
  const { id } = await comment({ text: 'Rude' });
  await grace!.agent.post(`${comments}/${id}/hide`).expect(403);
  for (let times = 0; times < 2; times++) await ada!.agent.post(`${comments}/${id}/hide`).expect(204);
  await until(() => heard(api, 'comment.hidden').length > 0);
  expect(heard(api, 'comment.hidden')).toEqual([
    { heard: 'comment.hidden', user_id: ada!.id, payload: expect.objectContaining({ id }) },
  ]);
});
