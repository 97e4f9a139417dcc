/** What clients send decides neither how much is logged, nor how long the audit trail is kept. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, PREFIX, startApi } from '../../support/api.js';
import { freePort, until } from '../../support/program.js';
import { expectProblem, type Received, type Sent, send } from '../../support/raw.js';

const LONG = 'x'.repeat(14_000);
const LINE_BYTES = 1_000;
const REFUSED_PER_SECOND = 5;

let folder: string;
let trail: string;
let api: Api;
let metrics: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-trail-'));
  trail = join(folder, 'audit.log');
  const port = await freePort();
  metrics = `http://127.0.0.1:${port}/metrics`;
  api = await startApi({
    AUDIT_LOG: trail,
    LOG_REFUSED_PER_SECOND: String(REFUSED_PER_SECOND),
    DEFAULT_RATE_LIMIT_LIMIT: '100',
    TRUST_PROXY: '127.0.0.1',
    METRICS_PORT: String(port),
  });
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

let addresses = 0;
const freshAddress = () => `198.51.100.${++addresses}`;

const ask = (sent: Sent, address?: string) =>
  send(api.program.url, { ...sent, headers: { ...sent.headers, ...(address && { 'x-forwarded-for': address }) } });

const UNGUARDED: [string, Sent][] = [
  ['an unknown path', { path: `/${LONG}` }],
  ['an unknown path below the prefix', { path: `${PREFIX}/${LONG}?${LONG.slice(0, 500)}` }],
  ['a method that a path does not take', { path: `${PREFIX}/users`, method: 'PUT' }],
  ['a path that cannot be read', { path: `${PREFIX}/users/%ZZ${LONG}` }],
  ['a body that cannot be read', { path: `${PREFIX}/auth/login`, method: 'POST', body: '{' }],
  ['a body of an unknown type', { path: `${PREFIX}/users`, method: 'POST', body: LONG, type: 'text/csv' }],
  ['a body that is too large', { path: `${PREFIX}/users`, method: 'POST', body: 'x'.repeat(1_100_000) }],
  ['a user agent of 14 kB', { path: `/nope`, headers: { 'user-agent': LONG } }],
];

test.each(UNGUARDED)('%s is counted by the general limit, and costs a short line', async (_, sent) => {
  // The router tells of no proxy where it cannot even read the path.
  const address = sent.path.includes('%ZZ') ? undefined : freshAddress();
  const before = api.program.output().length;
  const first = await ask(sent, address);
  expect([400, 404, 405, 413, 415]).toContain(first.status);
  expect(first.headers).toMatchObject({ 'ratelimit-limit': '100', 'ratelimit-remaining': '99' });
  const next = await ask({ path: `${PREFIX}/users` }, address);
  expect(next.headers['ratelimit-remaining']).toBe('98');
  await new Promise((done) => setTimeout(done, 200));
  expect(api.program.output().length - before).toBeLessThan(2 * LINE_BYTES);
});

test('400 requests to long unknown paths are refused beyond the limit, and leave few and short lines', async () => {
  const address = freshAddress();
  const before = api.program.output().length;
  const began = Date.now();
  const answers: Received[] = [];
  for (let round = 0; round < 20; round++) {
    const asked = Array.from({ length: 20 }, () => ask({ path: `/${LONG}` }, address));
    answers.push(...(await Promise.all(asked)));
  }
  expect(answers.filter(({ status }) => status === 404)).toHaveLength(100);
  expectProblem(answers.at(-1)!, 429, 'too_many_requests');
  const seconds = () => Math.ceil((Date.now() - began) / 1_000) + 1;
  await until(() => api.program.output().slice(before).includes('log lines of refused requests were left out'));
  const written = api.program.output().slice(before);
  expect(written.length).toBeLessThan(seconds() * REFUSED_PER_SECOND * LINE_BYTES);
  const lines = written.split('\n').filter((line) => line.includes('"msg":"request"'));
  for (const line of lines) expect(line.length).toBeLessThan(LINE_BYTES);
  const shown = /^log_lines_left_out_total{reason="refused"} (\d+)$/m.exec(await (await fetch(metrics)).text());
  expect(Number(shown![1])).toBeGreaterThan(400 - seconds() * REFUSED_PER_SECOND - 50);
});

describe('the audit trail', () => {
  const lines = (file = trail) => readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const fail = (headers: Sent['headers'] = {}) =>
    ask(
      {
        path: `${PREFIX}/auth/login`,
        method: 'POST',
        body: { username: 'x'.repeat(20), password: LONG.slice(0, 100) },
        headers,
      },
      freshAddress(),
    );

  test('has a file of its own, which nobody else may read, and is not in the log', async () => {
    await fail({ 'user-agent': LONG });
    await until(() => lines().length > 0);
    const [line] = lines().slice(-1);
    expect(JSON.parse(line!)).toMatchObject({ audit: 'sign_in_failed', name: 'api', msg: 'audit' });
    expect(line!.length).toBeLessThan(LINE_BYTES);
    expect(api.program.output()).not.toContain('"audit"');
    expect(statSync(trail).mode & 0o777).toBe(0o600);
  });

  test('goes on in a new file when somebody has moved its file away', async () => {
    renameSync(trail, `${trail}-moved`);
    await fail();
    await until(() => readdirSync(folder).includes('audit.log') && lines().length > 0);
    expect(lines()).toHaveLength(1);
  });

  test('moves a file of 50 MB away by itself, and keeps ten of those', async () => {
    for (let old = 0; old < 12; old++) writeFileSync(`${trail}.2026-01-01T0000${old + 10}.000Z-1`, '');
    truncateSync(trail, 50_000_001);
    await fail();
    await until(() =>
      readdirSync(folder).some((name) => statSync(join(folder, name)).size > 50_000_000 && name !== 'audit.log'),
    );
    await until(() => readdirSync(folder).filter((name) => name.startsWith('audit.log.')).length === 10);
    await fail();
    await until(() => readdirSync(folder).includes('audit.log') && lines().length > 0);
    expect(lines()).toHaveLength(1);
  });
});

test('a program whose audit trail cannot be written does not start', async () => {
  await expect(startApi({ AUDIT_LOG: '/nowhere/audit.log' })).rejects.toThrow(/AUDIT_LOG: must be .*ENOENT/);
});
