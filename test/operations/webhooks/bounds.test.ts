/** How much one user can have of webhooks, and for how long it is kept. */
import { PREFIX, refused, type User } from '../../support/api.js';
import { type Lab, startLab } from '../../support/lab.js';
import { makeProduct } from '../../support/products.js';
import { runNow } from '../../tasks/clean-ups.js';

const WEBHOOKS = `${PREFIX}/webhooks`;
const [MOST, PENDING] = [3, 5];
const BODY = { url: 'https://webhooks.invalid/', events: ['lab_product.created'] };
const LONG_AGO = '2026-01-01T00:00:00Z';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ WEBHOOKS_MAX_PER_OWNER: String(MOST), WEBHOOK_MAX_PENDING: String(PENDING) });
});
afterAll(() => lab.stop());

async function hook({ agent }: User): Promise<string> {
  return `${WEBHOOKS}/${(await agent.post(WEBHOOKS).send(BODY).expect(201)).body.id}`;
}

const statusesAt = async ({ agent }: User, path: string) => {
  const { body } = await agent.get(`${path}/deliveries?items_per_page=100`).expect(200);
  const rows = (body as { data: { status: string; reason: string | null }[] }).data;
  return rows.map(({ status, reason }) => reason ?? status).toReversed();
};

test('of webhooks that are created at once no more are there than one user may have', async () => {
  const ada = await lab.api.signUp();
  const answers = await Promise.all(Array.from({ length: 12 }, () => ada.agent.post(WEBHOOKS).send(BODY)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(MOST);
  await refused(ada.agent.post(WEBHOOKS).send(BODY), 409, 'too_many_webhooks');
  await ada.agent.delete(`${WEBHOOKS}/${answers.find(({ status }) => status === 201)!.body.id}`).expect(204);
  await hook(ada);
});

test('what is more than may wait is dead, and can be recovered as far as there is room', async () => {
  const ada = await lab.api.signUp();
  const path = await hook(ada);
  for (let n = 0; n < PENDING + 2; n++) await makeProduct(ada);
  expect(await statusesAt(ada, path)).toEqual([
    ...Array(PENDING).fill('pending'),
    ...Array(2).fill('too_many_pending'),
  ]);
  const recover = () => ada.agent.post(`${path}/recover`).send({ since: LONG_AGO });
  for (const sent of [ada.agent.post(`${path}/test`), recover()]) await refused(sent, 409, 'too_many_deliveries');
  await lab.api.database.query(`UPDATE webhook_delivery SET status = 'delivered' WHERE id IN (
    SELECT id FROM webhook_delivery WHERE status = 'pending' LIMIT 1)`);
  await recover().expect(202, { recovered: 1 });
  const statuses = await statusesAt(ada, path);
  expect(statuses.filter((one) => one === 'pending')).toHaveLength(PENDING);
  expect(statuses.filter((one) => one === 'too_many_pending')).toHaveLength(1);
});

test('events and their deliveries are kept for a month', async () => {
  const ada = await lab.api.signUp();
  const path = await hook(ada);
  for (let n = 0; n < 3; n++) await makeProduct(ada);
  await lab.api.database.query(`UPDATE webhook_event SET created_at = now() - interval '31 days' WHERE id IN (
    SELECT id FROM webhook_event WHERE user_id = ${ada.id} LIMIT 2)`);
  await lab.startWorker();
  expect(await runNow(lab, 'expired_webhook_events')).toEqual({ deleted: 2 });
  expect(await statusesAt(ada, path)).toHaveLength(1);
});
