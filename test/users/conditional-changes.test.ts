import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';

const USERS = `${PREFIX}/users`;

let api: Api;
beforeAll(async () => {
  api = await useApi();
});
afterAll(() => api.stop());

async function tagOf({ username }: User): Promise<string> {
  const { headers } = await api.http.get(`${USERS}/${username}`).expect(200);
  expect(headers.etag).toMatch(/^"[^"]+"$/);
  return headers.etag!;
}

function rename(user: User, name: string, ifMatch: string) {
  return user.agent.patch(`${USERS}/${user.username}`).set('If-Match', ifMatch).send({ name });
}

test.each([
  ['the entity tag of the profile', (tag: string) => tag],
  ['that tag among others', (tag: string) => `"other", ${tag}`],
  ['any tag', () => '*'],
])('an account changes if it matches %s', async (_, ifMatch) => {
  const user = await api.signUp();
  const { body } = await rename(user, 'Changed', ifMatch(await tagOf(user))).expect(200);
  expect(body.name).toBe('Changed');
});

test('an account that has changed meanwhile is left alone', async () => {
  const user = await api.signUp();
  const stale = await tagOf(user);
  await rename(user, 'Meanwhile', stale).expect(200);
  await refused(rename(user, 'Too late', stale), 412, 'stale_entity_tag');
  const { body } = await user.agent.get(`${USERS}/me`).expect(200);
  expect(body.name).toBe('Meanwhile');
});

test.each([
  ['an unknown tag', () => '"unknown"'],
  ['a weak tag', (tag: string) => `W/${tag}`],
  ['a tag without its quotes', (tag: string) => tag.slice(1, -1)],
])('an account does not match %s', async (_, ifMatch) => {
  const user = await api.signUp();
  await refused(rename(user, 'Changed', ifMatch(await tagOf(user))), 412, 'stale_entity_tag');
});

test('of two changes at once to what both have seen, one is made and the other refused', async () => {
  const user = await api.signUp();
  const tag = await tagOf(user);
  const answers = await Promise.all(['First', 'Second', 'Third'].map((name) => rename(user, name, tag)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
  const { body } = await user.agent.get(`${USERS}/me`).expect(200);
  expect(body.name).toBe(answers.find(({ status }) => status === 200)!.body.name);
});

test('a superuser does not change an account that has changed meanwhile', async () => {
  const [root, user] = [await api.superuser(), await api.signUp()];
  const sent = root.agent
    .patch(`${PREFIX}/admin/users/${user.username}`)
    .set('If-Match', '"stale"')
    .send({ name: 'No' });
  await refused(sent, 412, 'stale_entity_tag');
});
