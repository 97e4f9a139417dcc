/** The docs of staging in Chromium. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Api, startApi, type User } from '../../support/api.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { DEPLOYED } from '../../support/docs-paths.js';
import { Contract } from '../../support/openapi.js';
import { start } from '../../support/program.js';
import { describeWith } from '../../support/programs.js';
import { send } from '../../support/raw.js';

// ReDoc can't do without it; the policy of its page keeps the browser from asking another host.
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

const BOARD_FONTS = 'fonts.googleapis.com';

/** What goes wrong in a page: refused and failed requests, errors in the console, and requests that leave its origin. */
function troublesOf(page: Page, own: string): string[] {
  const troubles: string[] = [];
  page.on('response', (answer) => answer.status() >= 400 && troubles.push(`${answer.status()} ${answer.url()}`));
  page.on('requestfailed', (request) => troubles.push(`${request.failure()?.errorText} ${request.url()}`));
  page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    const { protocol, origin, href } = new URL(request.url());
    if (protocol !== 'data:' && origin !== own) troubles.push(`request to ${href}`);
  });
  return troubles;
}

describeWith('chromium', hasChromium, 'the docs in a browser', () => {
  let api: Api;
  let root: User;
  let right: { username: string; password: string };
  let browser: Browser;
  beforeAll(async () => {
    [api, browser] = await Promise.all([startApi({ ENVIRONMENT: 'staging', ...DEPLOYED }), launchChromium()]);
    root = await api.superuser();
    right = { username: root.username, password: api.env.ADMIN_PASSWORD! };
  });
  afterAll(async () => {
    await browser?.close();
    await api?.stop();
  });

  async function newPage(options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }> {
    const context = await browser.newContext({ baseURL: api.program.url, ...options });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    return { page, troubles: troublesOf(page, api.program.url) };
  }

  test('the docs ask for name and password and show nothing without', async () => {
    const { page, troubles } = await newPage({});
    // What a browser without a window says when nobody answers its prompt.
    await expect(page.goto('/docs')).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS');
    expect(troubles).toContain(`401 ${api.program.url}/docs`);
    expect(await page.context().cookies()).toEqual([]);
  });

  test('a wrong password is refused', async () => {
    const { page } = await newPage({ httpCredentials: { ...right, password: 'Wrong-password' } });
    const answer = await page.goto('/docs');
    expect([answer?.status(), await answer?.headerValue('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic realm="docs"/),
    ]);
    expect(await page.context().cookies()).toEqual([]);
  });

  test('Swagger UI is whole, and tries out a route in the name of the user', async () => {
    const sessions = () => api.database.query('SELECT id FROM auth_session');
    const before = (await sessions()).length;
    const { page, troubles } = await newPage({ httpCredentials: right });
    expect((await page.goto('/docs'))?.status()).toBe(200);
    const document = new Contract((await send(api.program.url, { path: '/openapi.json', token: root.token })).text);
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock').count()).toBe(document.operations().length);
    // One for the page and all that it loads.
    expect(await sessions()).toHaveLength(before + 1);

    await page.locator('.scheme-container .authorize').click();
    const login = page.locator('.auth-container').filter({ hasText: 'OAuth2, password' });
    await login.locator('#oauth_username').fill(right.username);
    await login.locator('#oauth_password').fill(right.password);
    await login.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    await login.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await login.getByRole('button', { name: 'Close' }).click();

    const me = page.locator('.opblock').filter({ hasText: 'Read your own account' });
    await me.locator('.opblock-summary-control').click();
    await me.getByRole('button', { name: 'Try it out' }).click();
    await me.getByRole('button', { name: 'Execute' }).click();
    const answer = me.locator('.live-responses-table');
    await answer.waitFor();
    expect((await answer.locator('.response-col_status').last().innerText()).trim()).toBe('200');
    expect(await answer.innerText()).toContain(`"email": "${root.email}"`);
    expect(troubles).toEqual([]);
  });

  test('the board shows tasks, and no way to change them', async () => {
    const task = { name: 'sample', payload: { message: 'to be seen on the board' } };
    await root.agent.post('/api/v1/tasks').send(task).expect(202);
    const worker = await start('worker', api.env);
    const { page, troubles } = await newPage({ httpCredentials: right });
    expect((await page.goto('/admin/queues/queue/tasks?status=latest'))?.status()).toBe(200);
    await page.getByText('sample').first().waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/\b(Retry|Pause|Clean|Obliterate)\b/);
    expect(troubles.filter((trouble) => !trouble.includes(BOARD_FONTS))).toEqual([]);
    await worker.stop();
  });

  test('ReDoc is whole, with nothing but the cookie of an earlier visit', async () => {
    const { page: earlier } = await newPage({ httpCredentials: right });
    expect((await earlier.goto('/openapi.json'))?.status()).toBe(200);
    const { page, troubles } = await newPage({ storageState: await earlier.context().storageState() });
    expect((await page.goto('/redoc'))?.status()).toBe(200);
    await page.getByRole('heading', { name: 'Read your own account' }).waitFor();
    expect(troubles.filter((trouble) => !trouble.includes(REDOC_LOGO))).toEqual([]);
  });
});
