/** Webhooks lead nowhere inward, whatever their address says when it is written down or looked up. */
import { PREFIX, type User } from '../../support/api.js';
import { type Lab, startLab } from '../../support/lab.js';
import { until } from '../../support/program.js';
import { NameServer } from './name-server.js';
import { Receiver, status } from './receiver.js';

// The only address of this machine that webhooks may reach here.
const ALLOWED = '127.0.0.2';
const HOSTS = `
  127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 017700000001 0177.0.0.1 0177.0.0.01 127.0.0.1. 127.127.127.127
  0 0.0.0.0 0x0 １２７.0.0.1 ①②⑦.⓪.⓪.① [::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:0]
  [0:0:0:0:0:ffff:7f00:0001] [::127.0.0.1] [::7f00:1] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1]
  [2002:7f00:1::] [2002:7f00:0001::1] [2001:0:7f00:1::] [fe80::1] [fec0::1] [fc00::1] [fd00:ec2::254] [ff02::1]
  169.254.169.254 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1
`;
const NAMES: Record<string, (nth: number) => string[]> = {
  'inner.test': () => ['127.0.0.1'],
  'inner6.test': () => ['::1'],
  'mapped.test': () => ['::ffff:127.0.0.1'],
  'metadata.test': () => ['169.254.169.254'],
  'first-good.test': () => [ALLOWED, '127.0.0.1'],
  'last-good.test': () => ['127.0.0.1', ALLOWED],
  'both-kinds.test': () => [ALLOWED, '::1'],
};

let lab: Lab;
let user: User;
let names: NameServer;
let inner: Receiver;
let outer: Receiver;
beforeAll(async () => {
  names = await NameServer.start((name, nth) => {
    // Answers what may be reached, then what may not, and so on.
    if (name === 'changing.test') return [nth % 2 === 1 ? ALLOWED : '127.0.0.1'];
    return NAMES[name]?.(nth) ?? [];
  });
  inner = await Receiver.start(status(200), 0, '::');
  outer = await Receiver.start(status(302, { location: `http://127.0.0.1:${inner.port}/` }), 0, ALLOWED);
  lab = await startLab({
    WEBHOOK_ALLOWED_CIDRS: `${ALLOWED}/32`,
    WEBHOOK_ALLOWED_PORTS: '1-65535',
    WEBHOOK_DNS_SERVERS: names.address,
    WEBHOOKS_MAX_PER_OWNER: '1000',
    WEBHOOK_CONCURRENCY: '200',
  });
  user = await lab.api.signUp();
  await lab.startWorker();
});
afterAll(async () => {
  await lab.stop();
  await Promise.all([inner.close(), outer.close()]);
  names.close();
});

/** Sends a test there, past what refuses such addresses when they are written down; what came of the first attempt. */
async function attemptAt(url: string): Promise<{ response_status: number | null; error: string | null }> {
  const first = { url: 'https://example.com/', events: ['webhook.test'] };
  const { body } = await user.agent.post(`${PREFIX}/webhooks`).send(first).expect(201);
  const path = `${PREFIX}/webhooks/${body.id}`;
  await lab.api.database.query('UPDATE webhook SET url = $2 WHERE id = $1', [body.id, url]);
  await user.agent.post(`${path}/test`).expect(202);
  const attempts = async () => (await user.agent.get(`${path}/deliveries`).expect(200)).body.data[0].attempts;
  await until(async () => (await attempts()).length > 0);
  const [{ response_status, error }] = await attempts();
  return { response_status, error };
}

const refusedThere = { response_status: null, error: 'address_not_allowed' };

test.each(HOSTS.trim().split(/\s+/))('nothing connects to %s', async (host) => {
  expect(await attemptAt(`http://${host}:${inner.port}/`)).toEqual(refusedThere);
  expect(inner.connections).toBe(0);
});

test.each(Object.keys(NAMES))('nothing connects to what %s leads to', async (name) => {
  expect(await attemptAt(`http://${name}:${inner.port}/`)).toEqual(refusedThere);
  expect(names.asked.get(name)).toBeGreaterThan(0);
  expect([inner.connections, outer.connections]).toEqual([0, 0]);
});

test('a name that changes between two look-ups is looked up once, and what is found is all that is connected to', async () => {
  const before = outer.received.length;
  const attempts = [];
  for (let n = 0; n < 6; n++) attempts.push(await attemptAt(`http://changing.test:${outer.port}/`));
  const reached = { response_status: 302, error: null };
  expect(attempts).toEqual([reached, refusedThere, reached, refusedThere, reached, refusedThere]);
  expect(names.asked.get('changing.test')).toBe(6);
  expect(outer.received).toHaveLength(before + 3);
  expect(inner.connections).toBe(0);
});

test('a redirect is not followed', async () => {
  expect(await attemptAt(`http://${ALLOWED}:${outer.port}/`)).toEqual({ response_status: 302, error: null });
  expect(inner.connections).toBe(0);
});

test('a name that nobody knows is not resolved', async () => {
  expect(await attemptAt('http://nobody.test/')).toEqual({ response_status: null, error: 'name_not_resolved' });
});

test.each(['ftp://127.0.0.2/', 'http://user:password@127.0.0.2/', 'nonsense'])('nothing is sent to %s', async (url) => {
  expect(await attemptAt(url)).toEqual(refusedThere);
});
