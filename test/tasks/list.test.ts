import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';

const TASKS = `${PREFIX}/tasks`;

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

async function post(user: User): Promise<number> {
  const task = { name: 'sample', payload: { message: 'secret' } };
  return (await user.agent.post(TASKS).send(task).expect(202)).body.id as number;
}

/** Someone with so many tasks; their ids, newest first. */
async function ownerOf(count: number): Promise<{ owner: User; newestFirst: number[] }> {
  const owner = await api.signUp();
  const ids: number[] = [];
  for (let n = 0; n < count; n++) ids.push(await post(owner));
  return { owner, newestFirst: ids.toReversed() };
}

async function page(user: User, query: object): Promise<{ data: { id: number }[]; next: string | null }> {
  return (await user.agent.get(TASKS).query(query).expect(200)).body;
}

const ids = ({ data }: { data: { id: number }[] }) => data.map(({ id }) => id);

test('a list has own tasks only, newest first, and not what they were given', async () => {
  const { owner, newestFirst } = await ownerOf(3);
  await ownerOf(1);
  const root = await api.superuser();
  const body = await page(owner, {});
  expect(ids(body)).toEqual(newestFirst);
  expect(body).toMatchObject({ total_count: 3, has_more: false, page: 1, items_per_page: 10 });
  const { body: one } = await owner.agent.get(`${TASKS}/${newestFirst[0]}`).expect(200);
  expect(body.data[0]).toEqual(one);
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(await page(root, {})).toMatchObject({ data: [], total_count: 0 });
});

test('pages by number and by cursor show each task once', async () => {
  const { owner, newestFirst } = await ownerOf(5);
  const numbered: number[] = [];
  for (const number of [1, 2, 3, 4]) numbered.push(...ids(await page(owner, { page: number, items_per_page: 2 })));
  expect(numbered).toEqual(newestFirst);
  const walked: number[] = [];
  for (let after: string | null = ''; after !== null;) {
    const body = await page(owner, { after, items_per_page: 2 });
    walked.push(...ids(body));
    after = body.next;
    // What comes in between moves nothing.
    await post(owner);
  }
  expect(walked).toEqual(newestFirst);
});

test('a cursor is good only for the list that gave it', async () => {
  const { owner } = await ownerOf(3);
  const { owner: other } = await ownerOf(3);
  const { next } = await page(owner, { after: '', items_per_page: 1 });
  await page(owner, { after: next });
  for (const [user, after] of [
    [other, next],
    [owner, `A${next!.slice(1)}x`],
    [owner, 'AAAAAAAAAAE'],
    [owner, '0'],
    [owner, '%00'],
  ] as const) {
    const { body } = await refused(user.agent.get(TASKS).query({ after }), 422, 'validation_failed');
    expect(body.errors).toEqual([{ field: 'after', message: expect.any(String) }]);
  }
});

test('a waiting task is cancelled once, by its owner or a superuser, and stays readable', async () => {
  const { owner, newestFirst } = await ownerOf(2);
  const other = await api.signUp();
  const [first, second] = newestFirst.map((id) => `${TASKS}/${id}`) as [string, string];
  await refused(other.agent.delete(first), 404, 'task_not_found');
  await refused(api.http.delete(first), 401, 'not_signed_in');
  expect((await owner.agent.get(first).expect(200)).body.status).toBe('queued');
  expect((await owner.agent.delete(first).expect(204)).text).toBe('');
  await refused(owner.agent.delete(first), 409, 'task_ended');
  const task = { status: 'cancelled', attempts: 0, result: null, error: null, started_at: null };
  expect((await owner.agent.get(first).expect(200)).body).toMatchObject({ ...task, finished_at: expect.any(String) });
  const { body } = await owner.agent.get(second).expect(200);
  expect(body.status).toBe('queued');
});

test.each(['completed', 'failed', 'cancelled'])('a task that is %s is not cancelled', async (status) => {
  const { owner, newestFirst } = await ownerOf(1);
  const path = `${TASKS}/${newestFirst[0]}`;
  await api.database.query('UPDATE task SET status = $2, relayed_at = now() WHERE id = $1', [newestFirst[0], status]);
  await refused(owner.agent.delete(path), 409, 'task_ended');
  expect((await owner.agent.get(path).expect(200)).body.status).toBe(status);
});

test.each(['999999999', '0', 'abc', '9223372036854775808'])(
  'there is no task %j to cancel or to follow',
  async (id) => {
    const { owner } = await ownerOf(0);
    await refused(owner.agent.delete(`${TASKS}/${id}`), 404, 'task_not_found');
    await refused(owner.agent.get(`${TASKS}/${id}/events`), 404, 'task_not_found');
  },
);
