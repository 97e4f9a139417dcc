/** Reports of comments. */
import { type Api, leave, PREFIX, refused, useApi, type User } from '../support/api.js';
import { type CommentRead, newPeople, newThread, pathOf, type People } from './comments.js';

const REPORTS = `${PREFIX}/admin/comments/reports`;

let api: Api;
let people: People;
let root: User;
beforeAll(async () => {
  api = await useApi();
  people = await newPeople(api);
  root = await api.superuser();
});
afterAll(() => api.stop());

const report = (user: User, comment: CommentRead, reason: unknown = 'It is an advertisement.') =>
  user.agent.post(`${pathOf(comment)}/reports`).send({ reason });

async function reportsOf({ id }: CommentRead): Promise<{ id: number }[]> {
  const { body } = await root.agent.get(`${REPORTS}?items_per_page=100`).expect(200);
  return (body.data as { id: number; comment_id: number }[]).filter(({ comment_id }) => comment_id === id);
}

test('anyone signed in reports a comment once, superusers read and dismiss it', async () => {
  const { author, ada, bob, first } = await newThread(api, people);
  const { body: saved } = await report(bob, first).expect(201);
  expect(saved).toEqual({
    id: saved.id,
    comment_id: first.id,
    reason: 'It is an advertisement.',
    created_at: saved.created_at,
  });
  await refused(report(bob, first, 'Again'), 409, 'already_reported');
  await report(author, first).expect(201);
  const [, found] = await reportsOf(first);
  expect(found).toEqual({
    ...saved,
    comment: { id: first.id, post_id: first.post_id, text: 'A text', is_hidden: false, creator: first.creator },
    creator: expect.objectContaining({ id: bob.id, username: bob.username }),
  });
  await refused(ada.agent.get(REPORTS), 403, 'permission_required');
  await refused(ada.agent.delete(`${REPORTS}/${saved.id}`), 403, 'permission_required');
  await root.agent.delete(`${REPORTS}/${saved.id}`).expect(204);
  await refused(root.agent.delete(`${REPORTS}/${saved.id}`), 404, 'report_not_found');
  expect(await reportsOf(first)).toHaveLength(1);
});

test('a report has a reason, and somebody who gives it', async () => {
  const { bob, first } = await newThread(api, people);
  for (const reason of [null, '', 7, ['x'], 'x'.repeat(501)]) {
    await refused(report(bob, first, reason), 422, 'validation_failed');
  }
  await refused(bob.agent.post(`${pathOf(first)}/reports`).send({}), 422, 'validation_failed');
  await refused(api.http.post(`${pathOf(first)}/reports`).send({ reason: 'No' }), 401, 'not_signed_in');
});

test('a report is seen also where the comment is hidden, and not where it is deleted', async () => {
  const { author, ada, bob, first } = await newThread(api, people);
  await report(bob, first).expect(201);
  await author.agent.post(`${pathOf(first)}/hide`).expect(204);
  expect(await reportsOf(first)).toMatchObject([{ comment: { is_hidden: true, text: 'A text' } }]);
  await ada.agent.delete(pathOf(first)).expect(204);
  expect(await reportsOf(first)).toEqual([]);
});

test('a report goes with the account that made it', async () => {
  const { bob, eve, first } = await newThread(api);
  await report(bob, first).expect(201);
  await report(eve, first).expect(201);
  await leave(bob).expect(204);
  expect(await reportsOf(first)).toHaveLength(1);
  await root.agent.delete(`${PREFIX}/admin/users/${eve.username}`).expect(204);
  expect(await reportsOf(first)).toEqual([]);
});
