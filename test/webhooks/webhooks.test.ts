import { type Api, PREFIX, refused, useApi, type User } from '../support/api.js';
import type { Operation } from '../support/openapi.js';
import { DOCUMENT, ROUTES } from '../support/routes.js';
import { webhook } from './webhooks.facts.js';

const WEBHOOKS = `${PREFIX}/webhooks`;
let api: Api;
let ada: User;
beforeAll(async () => {
  api = await useApi();
  ada = await api.signUp();
});
afterEach(() => api.database.query('DELETE FROM webhook'));
afterAll(() => api.stop());

const create = async (fields: object = {}) =>
  (await ada.agent.post(WEBHOOKS).send({ ...webhook, ...fields }).expect(201)).body as { id: number; secret: string }; // prettier-ignore

test('a webhook is created, read, changed, listed and deleted, and its secret is shown once', async () => {
  const { secret, ...saved } = await create();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(saved).toMatchObject({ ...webhook, is_disabled: false, disabled_reason: null, first_failed_at: null });
  const path = `${WEBHOOKS}/${saved.id}`;
  await ada.agent.get(path).expect(200, saved);
  const { body: changed } = await ada.agent.patch(path).send({ url: 'https://example.org/' }).expect(200);
  expect(changed).toMatchObject({ ...saved, url: 'https://example.org/', updated_at: expect.any(String) });
  const { body: page } = await ada.agent.get(WEBHOOKS).expect(200);
  expect(page).toMatchObject({ data: [changed], has_more: false });
  for (const body of [changed, page]) expect(JSON.stringify(body)).not.toContain('secret');
  await ada.agent.delete(path).expect(204);
  await refused(ada.agent.get(path), 404, 'webhook_not_found');
});

test('its owner disables it and enables it again', async () => {
  const { id } = await create();
  const path = `${WEBHOOKS}/${id}`;
  const change = async (is_disabled: boolean) => (await ada.agent.patch(path).send({ is_disabled }).expect(200)).body;
  expect(await change(true)).toMatchObject({ is_disabled: true, disabled_reason: 'owner' });
  await refused(ada.agent.post(`${path}/test`), 409, 'webhook_disabled');
  await refused(ada.agent.post(`${path}/recover`).send({ since: '2026-01-01T00:00:00Z' }), 409, 'webhook_disabled');
  expect(await change(false)).toMatchObject({ is_disabled: false, disabled_reason: null });
  await ada.agent.post(`${path}/test`).expect(202);
});

test('a rotation gives another secret, and keeps the one before for a day', async () => {
  const { id, secret } = await create();
  const { body } = await ada.agent.post(`${WEBHOOKS}/${id}/rotate-secret`).expect(200);
  expect(body.secret).toMatch(/^whsec_/);
  expect(body.secret).not.toBe(secret);
  const [row] = await api.database.query(
    `SELECT previous_secret, round(extract(epoch FROM previous_secret_ends_at - now()) / 3600)::int AS hours
     FROM webhook WHERE id = $1`,
    [id],
  );
  expect(row).toEqual({ previous_secret: secret, hours: 24 });
});

test('a test is a delivery, which can be made again when it has been made', async () => {
  const { id } = await create();
  const path = `${WEBHOOKS}/${id}`;
  const { body: delivery } = await ada.agent.post(`${path}/test`).expect(202);
  expect(delivery).toMatchObject({
    status: 'pending',
    attempt_count: 0,
    attempts: [],
    event: { type: 'webhook.test' },
  });
  const { body: page } = await ada.agent.get(`${path}/deliveries?status=pending`).expect(200);
  expect(page.data).toEqual([delivery]);
  const again = () => ada.agent.post(`${path}/deliveries/${delivery.id}/redeliver`);
  await refused(again(), 409, 'delivery_pending');
  await api.database.query(`UPDATE webhook_delivery SET status = 'dead', attempt_count = 10, next_attempt_at = NULL`);
  expect((await ada.agent.get(`${path}/deliveries?status=pending`).expect(200)).body.data).toEqual([]);
  expect((await again().expect(202)).body).toMatchObject({ status: 'pending', attempt_count: 0, reason: null });
});

test('what is dead since an instant is sent again, and nothing else', async () => {
  const { id } = await create();
  const path = `${WEBHOOKS}/${id}`;
  for (let n = 0; n < 4; n++) await ada.agent.post(`${path}/test`).expect(202);
  const rows = await api.database.query<{ id: string }>('SELECT id FROM webhook_delivery WHERE webhook_id = $1', [id]);
  const [old, dead, done] = rows.map((row) => row.id);
  await api.database.query(`UPDATE webhook_delivery SET status = 'dead' WHERE id = ANY($1)`, [[old, dead]]);
  await api.database.query(`UPDATE webhook_delivery SET status = 'delivered' WHERE id = $1`, [done]);
  await api.database.query(`UPDATE webhook_delivery SET created_at = now() - interval '2 days' WHERE id = $1`, [old]);
  const since = new Date(Date.now() - 86_400_000).toISOString();
  await ada.agent.post(`${path}/recover`).send({ since }).expect(202, { recovered: 1 });
  await ada.agent.post(`${path}/recover`).send({ since }).expect(202, { recovered: 0 });
});

test('a webhook and its deliveries are shown to nobody but its owner', async () => {
  const { id } = await create();
  const path = `${WEBHOOKS}/${id}`;
  const { body: delivery } = await ada.agent.post(`${path}/test`).expect(202);
  const { body: own } = await (await api.signUp()).agent.post(WEBHOOKS).send(webhook).expect(201);
  for (const { agent } of [await api.signUp(), await api.superuser()]) {
    for (const sent of [
      agent.get(path),
      agent.patch(path).send({ is_disabled: true }),
      agent.delete(path),
      agent.get(`${path}/deliveries`),
      agent.post(`${path}/test`),
      agent.post(`${path}/rotate-secret`),
      agent.post(`${path}/recover`).send({ since: '2026-01-01T00:00:00Z' }),
      agent.post(`${path}/deliveries/${delivery.id}/redeliver`),
    ])
      await refused(sent, 404, 'webhook_not_found');
  }
  await refused(ada.agent.post(`${WEBHOOKS}/${own.id}/test`), 404, 'webhook_not_found');
  const { body: mine } = await ada.agent.post(WEBHOOKS).send(webhook).expect(201);
  await refused(
    ada.agent.post(`${WEBHOOKS}/${mine.id}/deliveries/${delivery.id}/redeliver`),
    404,
    'delivery_not_found',
  );
  await api.http.get(WEBHOOKS).expect(401);
});

test('the document has every event that a webhook can hear, with what is sent', () => {
  const { webhooks, components } = DOCUMENT.root as unknown as {
    webhooks: Record<string, { $ref: string }>;
    components: { pathItems: Record<string, { post: Operation }> };
  };
  const { operation } = ROUTES.find(({ name }) => name === 'POST /webhooks')!;
  const { properties } = DOCUMENT.resolve(operation.requestBody!.content['application/json']!.schema)!;
  expect(properties!.events!.items!.enum).toEqual(Object.keys(webhooks));
  expect(Object.keys(webhooks)).toEqual(expect.arrayContaining(['webhook.disabled', 'webhook.test']));
  for (const [name, { $ref }] of Object.entries(webhooks)) {
    expect($ref).toBe(`#/components/pathItems/${name}`);
    const { post } = components.pathItems[name]!;
    const headers = post.parameters.map((one) => one.name);
    expect(headers).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
    const { properties: sent } = DOCUMENT.resolve(post.requestBody!.content['application/json']!.schema)!;
    expect(sent!.type!.enum).toEqual([name]);
    expect(Object.keys(DOCUMENT.resolve(sent!.data!)!.properties!)).not.toEqual([]);
  }
});

const INWARD = `
  127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 017700000001 0177.0.0.01
  0 0.0.0.0 10.0.0.1 172.16.0.1 192.168.0.1 169.254.169.254 2852039166 0xa9fea9fe
  100.64.0.1 192.0.0.192 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 127.0.0.1. １２７.0.0.1
  ①②⑦.⓪.⓪.① [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:a00:1] [::127.0.0.1] [fe80::1]
  [fc00::1] [fd00:ec2::254] [ff02::1] [64:ff9b::7f00:1] [64:ff9b:1::1] [2002:7f00:1::1] [2001:0:7f00:1::1] [2001:db8::1]
  [fec0::1] [::ffff:0:7f00:1]
`;

test.each([
  ...INWARD.trim()
    .split(/\s+/)
    .map((host) => `http://${host}/`),
  'ftp://example.com/',
  'file:///etc/passwd',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'https://example.com:22/',
  'https://example.com:8443/',
  'http://example.com:6379/',
  'https:example.com',
  'example.com',
  `https://example.com/${'a'.repeat(2_048)}`,
  '',
  1,
  null,
])('no webhook leads to %j', async (url) => {
  await refused(ada.agent.post(WEBHOOKS).send({ ...webhook, url }), 422, 'validation_failed');
});

test.each([[[]], [['unknown']], [['webhook.disabled', 'webhook.disabled']], ['webhook.disabled'], [null], [[1]]])(
  'no webhook hears %j',
  async (events) => {
    await refused(ada.agent.post(WEBHOOKS).send({ ...webhook, events }), 422, 'validation_failed');
  },
);
