/** What a developer's machine does with mail: it keeps it, and shows it in a browser. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PREFIX, startApi } from '../../support/api.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { type Lab, startLab } from '../../support/lab.js';
import { finish, until } from '../../support/program.js';
import { LAB_API } from '../../support/lab.js';
import { describeWith } from '../../support/programs.js';
import { send } from '../../support/raw.js';

const MOST = 200;
const STRONG = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const DEPLOYED = { SECRET_KEY: STRONG, BCRYPT_COST: '10', HOST: '127.0.0.1' };

let folder: string;
let lab: Lab;
let beforeMails: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-mail-'));
  lab = await startLab({ MAIL_FOLDER: folder });
  beforeMails = await shown();
  await lab.startWorker();
});
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

const mail = (to: string, fields: object = {}) =>
  lab.user.agent
    .post(`${PREFIX}/lab/mails`)
    .send({ to, subject: 'Hello', text: 'A text', url: `${lab.api.program.url}/health/live?a=1&b=2`, ...fields })
    .expect(204);

const shown = async (path = '/mailbox') => (await send(lab.api.program.url, { path })).text;

test('mail is kept, shown newest first, and nothing is sent', async () => {
  expect(beforeMails).toContain('No mail has been sent yet');
  await mail('ada@example.com', { subject: '<script>alert(1)</script>' });
  await until(async () => (await shown()).includes('ada@example.com'));
  await mail('grace@example.com');
  await until(async () => (await shown()).includes('grace@example.com'));
  const page = await shown();
  expect(page.indexOf('grace@example.com')).toBeLessThan(page.indexOf('ada@example.com'));
  expect(page).not.toContain('<script>');
  expect(await lab.api.database.query('SELECT FROM mail')).toEqual([]);
});

test.each(['/mailbox/nothing', '/mailbox/..%2f..%2fetc%2fpasswd', '/mailbox/'])('%s is not there', async (path) => {
  expect((await send(lab.api.program.url, { path })).status).toBe(404);
});

test('only the last mails are kept', async () => {
  const kept = readdirSync(folder)[0]!;
  for (let n = 0; n < MOST; n++) {
    writeFileSync(join(folder, kept.replace(/^\d{13}/, String(1_000_000_000_000 + n))), '{}');
  }
  await mail('last@example.com');
  await until(() => readdirSync(folder).length <= MOST);
  expect(await shown()).toContain('last@example.com');
});

test.each(['staging', 'production'])('in %s there is no mailbox', async (ENVIRONMENT) => {
  const api = await startApi({ ...DEPLOYED, ENVIRONMENT });
  expect((await send(api.program.url, { path: '/mailbox' })).status).toBe(404);
  await api.stop();
});

test('with a server there is no mailbox either', async () => {
  const api = await startApi({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@example.com' });
  expect((await send(api.program.url, { path: '/mailbox' })).status).toBe(404);
  await api.stop();
});

test.each(['staging', 'production'])('what sends mail does not start in %s without a server', async (ENVIRONMENT) => {
  const env = { ...lab.api.env, ...DEPLOYED, ENVIRONMENT, SMTP_URL: undefined };
  const { code, output } = await finish(LAB_API, env);
  expect(code).toBe(1);
  expect(output).toMatch(/^SMTP_URL: is needed by lab, .*npm run remove -- lab$/m);
});

test.each([
  [{ SMTP_URL: 'mail.example.com' }, ['SMTP_URL']],
  [{ SMTP_URL: 'smtps://user:canary%@mail.example.com', MAIL_FROM: 'nobody' }, ['SMTP_URL', 'MAIL_FROM']],
  [{ SMTP_URL: 'smtps://user:canary@mail.example.com' }, ['MAIL_FROM']],
  [{ MAIL_CONCURRENCY: '0', MAIL_TIMEOUT_SECONDS: '601' }, ['MAIL_CONCURRENCY', 'MAIL_TIMEOUT_SECONDS']],
])('the settings %j are refused', async (wrong, names) => {
  const { code, output } = await finish('worker', { ...lab.api.env, ...wrong });
  const lines = output.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual(names);
  expect(output).not.toContain('canary');
  expect(code).toBe(1);
});

describeWith('chromium', hasChromium, 'the mailbox in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(subject: string): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser.newPage({ baseURL: lab.api.program.url });
    const troubles: string[] = [];
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('dialog', (dialog) => troubles.push(dialog.message()) && void dialog.dismiss());
    await page.goto('/mailbox');
    await page.getByRole('link', { name: subject, exact: true }).click();
    return { page, troubles };
  }

  test('a mail is shown as HTML and as text, and its link works', async () => {
    await mail('browser@example.com', { subject: 'Seen in a browser', text: 'Press here' });
    await until(async () => (await shown()).includes('browser@example.com'));
    const { page, troubles } = await open('Seen in a browser');
    expect(await page.locator('pre').innerText()).toContain('Press here');
    const link = page.frameLocator('iframe').getByRole('link', { name: 'Press here' });
    const [popup] = await Promise.all([page.waitForEvent('popup'), link.click()]);
    await popup.waitForLoadState();
    expect(new URL(popup.url()).search).toBe('?a=1&b=2');
    expect(await popup.locator('body').innerText()).toContain('ok');
    expect(troubles).toEqual([]);
  });

  test('what somebody wrote into a mail is text, also where it looks like a script', async () => {
    const text = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
    await mail('script@example.com', { subject: 'With a script', text });
    await until(async () => (await shown()).includes('script@example.com'));
    const { page, troubles } = await open('With a script');
    expect(await page.frameLocator('iframe').locator('p').first().innerText()).toBe(text);
    expect(await page.frameLocator('iframe').locator('img, script').count()).toBe(0);
    expect(troubles).toEqual([]);
  });
});
