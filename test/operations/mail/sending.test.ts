/** What a mail server is handed, when, and how often. */
import { PREFIX } from '../../support/api.js';
import { type Lab, startLab } from '../../support/lab.js';
import { mailsTo } from '../../support/mails.js';
import { metricAt } from '../../support/metrics.js';
import { freePort, linesWith, type Program, until } from '../../support/program.js';
import { headerOf, MailServer, type Refusals, SmtpRefusal } from './mail-server.js';

const MAILS = `${PREFIX}/lab/mails`;
const FROM = '"Tests, Inc." <no-reply@example.com>';

let lab: Lab;
let server: MailServer;
let worker: Program;
let metrics: string;
beforeAll(async () => {
  server = await MailServer.start();
  lab = await startLab({ SMTP_URL: server.url, MAIL_FROM: FROM });
  const METRICS_PORT = String(await freePort());
  metrics = `http://127.0.0.1:${METRICS_PORT}`;
  worker = await lab.startWorker({ METRICS_PORT, MAIL_TIMEOUT_SECONDS: '2' });
});
beforeEach(() => {
  server.refusals = {};
});
afterAll(async () => {
  await lab.stop();
  await server.close();
});

const data = { subject: 'Hello', text: 'A text', url: 'https://app.example.com/do?a=1&b=2' };
const send = (to: string, fields: object = {}) =>
  lab.user.agent
    .post(MAILS)
    .send({ to, ...data, ...fields })
    .expect(204);

const waiting = (to: string) =>
  lab.api.database.query<{ attempt_count: number; wait: number }>(
    `SELECT attempt_count, extract(epoch FROM next_attempt_at - now())::float8 AS wait FROM mail WHERE recipient = $1`,
    [to],
  );

/** Lets a mail be tried now instead of later. */
const hasten = (to: string) =>
  lab.api.database.query(`UPDATE mail SET next_attempt_at = now() WHERE recipient = $1`, [to]);

/** Waits until an attempt has come to nothing, and is written down. */
const triedTimes = (to: string, times: number) =>
  until(async () =>
    (await waiting(to)).some(({ attempt_count, wait }) => attempt_count === times && waits(wait, times)),
  );

const WAITS = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];
const waits = (seconds: number, times: number) =>
  seconds > WAITS[times - 1]! * 0.85 - 1 && seconds < WAITS[times - 1]! * 1.15;

test('a mail is handed over once, whole, and nothing is left of it', async () => {
  await send('ada@example.com', { subject: 'Grüße' });
  await until(() => server.to('ada@example.com').length === 1);
  const [mail] = server.to('ada@example.com');
  expect(mail).toMatchObject({ from: 'no-reply@example.com', to: ['ada@example.com'], isSecure: false });
  expect(headerOf(mail!, 'from')).toEqual([FROM]);
  expect(headerOf(mail!, 'to')).toEqual(['ada@example.com']);
  expect(headerOf(mail!, 'subject')).toEqual(['=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=']);
  expect(headerOf(mail!, 'auto-submitted')).toEqual(['auto-generated']);
  expect(headerOf(mail!, 'message-id')).toEqual([expect.stringMatching(/^<[0-9a-f-]{36}@example\.com>$/)]);
  expect(mail!.body).toMatch(/text\/plain[^]*A text[^]*text\/html[^]*<a href=/);
  await until(async () => (await waiting('ada@example.com')).length === 0);
});

test('what is rolled back is never sent', async () => {
  await send('undone@example.com', { end: 'rollback' });
  await send('done@example.com', { end: 'commit' });
  await until(() => server.to('done@example.com').length === 1);
  expect(server.to('undone@example.com')).toEqual([]);
});

const REFUSED: [string, Refusals][] = [
  ['has no room at the moment', { to: new SmtpRefusal(452) }],
  ['cannot take the mail at the moment', { data: new SmtpRefusal(451) }],
  ['does not take its sender', { from: new SmtpRefusal(550) }],
  ['is shutting down', { greeting: new SmtpRefusal(421) }],
  ['takes nobody', { greeting: new SmtpRefusal(554) }],
  ['hangs', { greeting: 'hang' }],
  ['hangs up before it says a word', { greeting: 'hang up' }],
  ['hangs up when it has the mail', { data: 'hang up' }],
];

test.each(REFUSED.map(([how, refusals], index) => [how, refusals, `again${index}@example.com`] as const))(
  'a mail is sent again if the server %s',
  async (_, refusals, to) => {
    server.hangUp();
    server.refusals = refusals;
    await send(to);
    await triedTimes(to, 1);
    const [queued] = await mailsTo(lab.api, to);
    server.refusals = {};
    await hasten(to);
    await until(() => server.to(to).length === 1);
    expect(headerOf(server.to(to)[0]!, 'message-id')).toEqual([`<${queued!.message_id}@example.com>`]);
  },
);

test.each<[string, Refusals, string]>([
  ['does not know the recipient', { to: new SmtpRefusal(550) }, 'RCPT TO 550'],
  ['does not want the mail', { data: new SmtpRefusal(554) }, 'DATA 554'],
])('a mail is given up if the server %s, and the log names nobody', async (_, refusals, reason) => {
  server.refusals = refusals;
  const to = `gone${reason.replace(/\W/g, '')}@example.com`;
  await send(to, { subject: 'A canary' });
  // The log is written a little later.
  await until(() => linesWith(worker, 'was given up after 1 attempts').some((line) => line.includes(reason)));
  expect(await waiting(to)).toEqual([]);
  expect(server.to(to)).toEqual([]);
  expect(worker.output()).not.toMatch(/canary|@example\.com/);
});

test('a mail is given up after ten attempts', async () => {
  const to = 'never@example.com';
  server.refusals = { to: new SmtpRefusal(450) };
  await send(to);
  for (let times = 1; times < 10; times++) {
    await triedTimes(to, times);
    await hasten(to);
  }
  await until(() => linesWith(worker, 'was given up after 10 attempts').length === 1);
  expect(await waiting(to)).toEqual([]);
});

test('a connection serves many mails, and no more than a few are open', async () => {
  server.hangUp();
  const before = server.connections;
  const all = Array.from({ length: 40 }, (_, n) => `many${n}@example.com`);
  await Promise.all(all.map((to) => send(to)));
  await until(() => all.every((to) => server.to(to).length === 1));
  expect(server.connections - before).toBeLessThanOrEqual(4);
});

test('mail is counted by what has become of it, with how long it has waited', async () => {
  expect(await metricAt(metrics, 'mails_total{outcome="sent"}')).toBeGreaterThan(40);
  expect(await metricAt(metrics, 'mails_total{outcome="failed"}')).toBeGreaterThan(10);
  expect(await metricAt(metrics, 'mails_total{outcome="given_up"}')).toBe(3);
  expect(await metricAt(metrics, 'mail_lag_seconds_count')).toBeGreaterThan(40);
});

// What addresses and texts would have to say to become headers or recipients of their own.
test.each([
  ['"grace,eve"@example.com', '"grace,eve"@example.com'],
  ["o'hara+tag@example.com", "o'hara+tag@example.com"],
  ['grüße@example.com', 'grüße@example.com'],
  ['"a;b"@example.com', '"a;b"@example.com'],
])('the address %s is one recipient', async (to, recipient) => {
  await send(to);
  await until(() => server.to(recipient).length === 1);
  expect(server.to(recipient)[0]!.to).toEqual([recipient]);
});

const INJECTIONS = [
  'one\r\nBcc: eve@example.com',
  'one\nContent-Type: text/html\n\n<script>',
  'one\rTo: eve@example.com',
  '=?utf-8?Q?one=0D=0ABcc:_eve@example.com?=',
  'one\u2028Bcc: eve@example.com',
  `${'x'.repeat(120)}\r\n\r\n.\r\nMAIL FROM:<eve@example.com>`,
];

test.each(INJECTIONS.map((text, index) => [text, `inject${index}@example.com`] as const))(
  'a subject and a text of %j add no header, recipient or mail',
  async (text, to) => {
    const before = server.received.length;
    await send(to, { subject: text, text });
    await until(() => server.to(to).length === 1);
    const [mail] = server.to(to);
    const names = mail!.headers.map(([name]) => name).toSorted();
    expect(names).toEqual(
      ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'].toSorted(),
    );
    expect(mail!.to).toEqual([to]);
    expect(headerOf(mail!, 'to')).toEqual([to]);
    expect(server.received).toHaveLength(before + 1);
  },
);
