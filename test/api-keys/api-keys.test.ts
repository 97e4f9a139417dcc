import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import { apiKey } from './api-keys.facts.js';
import { checked, createKey, KEYS, partsOf } from './keys.js';

const ADMIN = `${PREFIX}/admin/api-keys`;

let api: Api;
let ada: User;
let root: User;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp();
  root = await api.superuser();
});
afterEach(() => api.database.query('DELETE FROM api_key'));
afterAll(() => api.stop());

test('a key is created, read, renamed, listed and revoked, and its text is shown once', async () => {
  const { key, ...saved } = await createKey(ada);
  expect(saved).toMatchObject({ ...apiKey, last_used_at: null });
  const path = `${KEYS}/${saved.id}`;
  await ada.agent.get(path).expect(200, saved);
  const { body: renamed } = await ada.agent.patch(path).send({ name: 'Import' }).expect(200);
  expect(renamed).toEqual({ ...saved, name: 'Import', updated_at: expect.any(String) });
  const { body: page } = await ada.agent.get(KEYS).expect(200);
  expect(page).toMatchObject({ data: [renamed], has_more: false });
  for (const body of [renamed, page]) expect(JSON.stringify(body)).not.toContain(partsOf(key)[2]);
  await ada.agent.delete(path).expect(204);
  await refused(ada.agent.get(path), 404, 'api_key_not_found');
  expect((await ada.agent.get(KEYS).expect(200)).body.data).toEqual([]);
});

test('a key begins with what the application is called, and ends with a checksum', async () => {
  const { id, key } = await createKey(ada);
  expect(key).toMatch(new RegExp(`^[a-z0-9]{1,10}_${id}_[0-9A-Za-z]{49}$`));
  expect(checked(partsOf(key).join('_'))).toBe(key);
});

test('only a hash of the secret is stored', async () => {
  const { key } = await createKey(ada);
  const [row] = await api.database.query('SELECT * FROM api_key');
  expect(JSON.stringify(row)).not.toContain(partsOf(key)[2]);
});

test('without expires_at, a key is good until it is revoked', async () => {
  for (const fields of [{ expires_at: null }, { expires_at: undefined }]) {
    expect(await createKey(ada, fields)).toMatchObject({ expires_at: null });
  }
});

test.each([
  [{ name: '' }],
  [{ name: ' ' }],
  [{ name: 'x'.repeat(61) }],
  [{ name: undefined }],
  [{ expires_at: '2020-01-01T00:00:00Z' }],
  [{ expires_at: 'tomorrow' }],
  [{ permissions: ['unknown'] }],
  [{ permissions: ['constructor'] }],
  [{ permissions: 'users.read_any' }],
  [{ permissions: ['users.read_any', 'users.read_any'] }],
  [{ is_superuser: true }],
  [{ secret_hash: 'x' }],
  [{ last_used_at: apiKey.expires_at }],
  [{ key: 'x' }],
])('no key is made with %j', async (fields) => {
  await refused(ada.agent.post(KEYS).send({ ...apiKey, ...fields }), 422, 'validation_failed');
});

test.each([
  [{ name: null }],
  [{ permissions: null }],
  [{ permissions: ['users.read_any'] }],
  [{ expires_at: null }],
  [{ expires_at: apiKey.expires_at }],
  [{ secret_hash: 'x' }],
])('a key is not changed to %j', async (fields) => {
  const { id } = await createKey(ada);
  await refused(ada.agent.patch(`${KEYS}/${id}`).send(fields), 422, 'validation_failed');
});

test('a key is shown to nobody but its owner and superusers', async () => {
  const { id } = await createKey(ada);
  for (const { agent } of [await api.signUp(), root]) {
    const path = `${KEYS}/${id}`;
    for (const sent of [agent.get(path), agent.patch(path).send({ name: 'Mine' }), agent.delete(path)])
      await refused(sent, 404, 'api_key_not_found');
  }
  for (const sent of [ada.agent.get(ADMIN), ada.agent.get(`${ADMIN}/${id}`), ada.agent.delete(`${ADMIN}/${id}`)])
    await refused(sent, 403, 'superuser_only');
});

test('superusers see and revoke the keys of all, and never their texts', async () => {
  const [{ id, key }] = [await createKey(ada), await createKey(root)];
  const { body: page } = await root.agent.get(ADMIN).expect(200);
  expect(page.data.map(({ created_by_user_id }: { created_by_user_id: number }) => created_by_user_id)).toEqual([
    root.id,
    ada.id,
  ]);
  const { body: own } = await root.agent.get(`${ADMIN}?created_by_user_id=${ada.id}`).expect(200);
  expect(own.data).toEqual([expect.objectContaining({ id, name: apiKey.name, created_by_user_id: ada.id })]);
  await root.agent.get(`${ADMIN}/${id}`).expect(200, own.data[0]);
  expect(JSON.stringify(page)).not.toContain(partsOf(key)[2]);
  await root.agent.delete(`${ADMIN}/${id}`).expect(204);
  await refused(root.agent.delete(`${ADMIN}/${id}`), 404, 'api_key_not_found');
  await refused(ada.agent.get(`${KEYS}/${id}`), 404, 'api_key_not_found');
});
