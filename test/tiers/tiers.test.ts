import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { newScene } from '../support/scenes.js';
import { tier } from './tiers.facts.js';

const TIERS = `${PREFIX}/admin/tiers`;
let api: Api;
let root: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
});
afterAll(() => api.stop());

const given = async () => (await newScene(api, root)).filled(tier);
const create = async (fields: object = {}) =>
  (
    await root.agent
      .post(TIERS)
      .send({ ...(await given()), ...fields })
      .expect(201)
  ).body as { id: number; name: string };
const tierOf = ({ username }: User) => `${PREFIX}/admin/users/${username}/tier`;

test('a tier is created, read, changed, listed and deleted', async () => {
  const sent = await given();
  const { body: saved } = await root.agent.post(TIERS).send(sent).expect(201);
  expect(saved).toMatchObject(sent);
  const path = `${TIERS}/${saved.id}`;
  await root.agent.get(path).expect(200, saved);
  const limits = [{ route: '*', limit: 1, period: 86_400 }];
  const { body: changed } = await root.agent.patch(path).send({ limits }).expect(200);
  expect(changed).toEqual({ ...saved, limits, updated_at: expect.any(String) });
  const { body: page } = await root.agent.get(TIERS).expect(200);
  expect(page.data).toContainEqual(changed);
  await root.agent.delete(path).expect(204);
  await refused(root.agent.get(path), 404, 'tier_not_found');
});

const limit = { route: 'POST /api/v1/tasks', limit: 1, period: 1 };
test.each<[string, object]>([
  ['a name in capitals', { name: 'Premium' }],
  ['a name with a blank', { name: 'a b' }],
  ['no name', { name: '' }],
  ['a name of 31 characters', { name: 'a'.repeat(31) }],
  ['a method that no route has', { limits: [{ ...limit, route: 'TRACE /api/v1/tasks' }] }],
  ['a path alone', { limits: [{ ...limit, route: '/api/v1/tasks' }] }],
  ['a star within a path', { limits: [{ ...limit, route: 'GET /api/*/tasks' }] }],
  ['a route that is no text', { limits: [{ ...limit, route: ['*'] }] }],
  ['no requests', { limits: [{ ...limit, limit: 0 }] }],
  ['requests by halves', { limits: [{ ...limit, limit: 1.5 }] }],
  ['no period', { limits: [{ ...limit, period: 0 }] }],
  ['a period of more than a day', { limits: [{ ...limit, period: 86_401 }] }],
  ['a limit without a period', { limits: [{ route: '*', limit: 1 }] }],
  ['a limit with more', { limits: [{ ...limit, burst: 1 }] }],
  ['a route twice', { limits: [limit, { ...limit, limit: 2 }] }],
  ['51 limits', { limits: Array.from({ length: 51 }, (_, n) => ({ ...limit, route: `GET /${n}` })) }],
  ['limits that are none', { limits: [null] }],
  ['limits that are no list', { limits: limit }],
])('a tier with %s is refused', async (_, fields) => {
  await refused(root.agent.post(TIERS).send({ ...(await given()), ...fields }), 422, 'validation_failed');
});

test('two tiers cannot have the same name', async () => {
  const [one, other] = [await create(), await create()];
  await refused(root.agent.post(TIERS).send({ ...(await given()), name: one.name }), 409, 'tier_name_taken');
  await refused(root.agent.patch(`${TIERS}/${other.id}`).send({ name: one.name }), 409, 'tier_name_taken');
});

test('an account has the tier it was given last, until it is left with none', async () => {
  const ada = await api.signUp();
  const [one, other] = [await create(), await create()];
  await refused(root.agent.get(tierOf(ada)), 404, 'tier_not_found');
  for (const { id } of [one, other, other]) {
    const { body } = await root.agent.put(tierOf(ada)).send({ tier_id: id }).expect(200);
    expect((await root.agent.get(tierOf(ada)).expect(200)).body).toEqual(body);
    expect(body.id).toBe(id);
  }
  await root.agent.delete(tierOf(ada)).expect(204);
  await refused(root.agent.get(tierOf(ada)), 404, 'tier_not_found');
  await refused(root.agent.delete(tierOf(ada)), 404, 'tier_not_found');
});

test('a tier is deleted when no account has it any more', async () => {
  const ada = await api.signUp();
  const { id } = await create();
  await root.agent.put(tierOf(ada)).send({ tier_id: id }).expect(200);
  await refused(root.agent.delete(`${TIERS}/${id}`), 409, 'tier_in_use');
  await root.agent.delete(`${PREFIX}/admin/users/${ada.username}`).expect(204);
  await root.agent.delete(`${TIERS}/${id}`).expect(204);
});

test('of a tier that is given and deleted at once, one is refused', async () => {
  for (let round = 0; round < 10; round++) {
    const [ada, { id }] = [await api.signUp(), await create()];
    const [put, removed] = await Promise.all([
      root.agent.put(tierOf(ada)).send({ tier_id: id }),
      root.agent.delete(`${TIERS}/${id}`),
    ]);
    expect([
      [200, 409],
      [404, 204],
    ]).toContainEqual([put.status, removed.status]);
  }
});

test.each<[string, (ada: User, id: number) => Promise<[string, number, string]>]>([
  ['a tier that does not exist', async (ada) => [tierOf(ada), 999_999_999, 'tier_not_found']],
  ['a user who does not exist', async (_, id) => [tierOf({ username: 'nobody0' } as User), id, 'user_not_found']],
])('%s is 404', async (_, told) => {
  const [path, tier_id, code] = await told(await api.signUp(), (await create()).id);
  await refused(root.agent.put(path).send({ tier_id }), 404, code);
});

test('users have nothing to do with it', async () => {
  const [ada, { id }] = [await api.signUp(), await create()];
  await refused(ada.agent.put(tierOf(ada)).send({ tier_id: id }), 403, 'superuser_only');
  await refused(ada.agent.get(TIERS), 403, 'superuser_only');
  await refused(ada.agent.post(TIERS).send(await given()), 403, 'superuser_only');
});

test('what has changed since is neither changed nor deleted', async () => {
  const [ada, { id, name }] = [await api.signUp(), await create()];
  const path = `${TIERS}/${id}`;
  const { headers } = await root.agent.get(path).expect(200);
  await root.agent.patch(path).send({ limits: [] }).expect(200);
  for (const sent of [root.agent.patch(path).send({ name: `${name}x` }), root.agent.delete(path)])
    await refused(sent.set('if-match', headers.etag!), 412, 'stale_entity_tag');
  await root.agent.put(tierOf(ada)).send({ tier_id: id }).expect(200);
  await refused(root.agent.delete(tierOf(ada)).set('if-match', headers.etag!), 412, 'stale_entity_tag');
});
