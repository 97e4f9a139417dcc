/** `npm run client`: what it makes, installed into an empty project, in Node and in a browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { type Api, PASSWORD, startApi } from '../../support/api.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { Consumer } from '../../support/consumer.js';
import { ROOT, samples, text } from '../../support/pages.js';
import { type Program, start } from '../../support/program.js';
import { describeWith } from '../../support/programs.js';
import { startProxy, type TcpProxy } from '../../support/proxy.js';
import { ROUTES } from '../../support/routes.js';
import { newScene } from '../../support/scenes.js';
import { serveFiles, type StaticFiles } from '../../support/static-files.js';

const LOCAL_API = 'http://localhost:8000';
const PAGE = '<script type="importmap">{ "imports": { "api-client": "/node_modules/api-client/index.js" } }</script>';
const CODE = /^```js\n([\s\S]*?)^```$/gm;
const SAID = /; \/\/ (.*)$/gm;

const TYPES = `
import { getUser, isProblem, listSessions, listUsers, type Problem, type Profile, register, rows } from 'api-client';

const ada = { name: 'Ada', username: 'ada', email: 'ada@example.com', password: 'Analytical-Engine-1843' };
const { data, error } = await getUser({ path: { username: 'ada' } });
export const name: string | undefined = data?.name;
export const status: 404 | undefined = error?.code === 'user_not_found' ? error.status : undefined;
const refused = await register({ body: ada });
if (refused.error?.code === 'validation_failed') refused.error.errors.map(({ field }) => field.length);
for await (const user of rows(listUsers, { query: { search: 'ada' } })) user satisfies Profile;
export const of = (problem: Problem) => (problem.code === 'page_too_large' ? problem.errors : problem.request_id);
export const found = (thrown: unknown): number => (isProblem(thrown, 'too_many_requests') ? thrown.status : 0);

// @ts-expect-error A field is unknown.
await register({ body: { ...ada, nickname: 'ada' } });
// @ts-expect-error Fields are missing.
await register({ body: { name: 'Ada' } });
// @ts-expect-error A path is missing.
await getUser();
// @ts-expect-error The code is one of another operation.
console.log(error?.code === 'task_ended');
// @ts-expect-error There is no such code.
isProblem(undefined, 'no_such_code');
// @ts-expect-error A list without cursors cannot be walked through.
rows(listSessions);
`;

const project = JSON.parse(text('package.json')) as Record<string, string>;
const consumer = new Consumer();
let api: Api;
let worker: Program;
let pages: StaticFiles;
let walk: string;
beforeAll(async () => {
  pages = await serveFiles(consumer.folder);
  consumer.write('index.html', PAGE);
  const settings = { CORS_ORIGINS: pages.origin, ACCESS_TOKEN_EXPIRE_MINUTES: '1' };
  [api] = await Promise.all([startApi(settings), consumer.install()]);
  worker = await start('worker', api.env);
  const code = [...consumer.read('README.md').matchAll(CODE)].map(([, sample]) => sample).join('');
  walk = code.replaceAll(about().name!, 'api-client').replaceAll(LOCAL_API, api.program.url);
});
afterAll(async () => {
  await Promise.all([worker?.stop(), api?.stop()]);
  pages?.close();
  consumer.remove();
});

const about = () => JSON.parse(consumer.read('package.json')) as Record<string, string>;
const said = () => [...walk.matchAll(SAID)].map(([, line]) => line);
const linesOf = (output: string) => output.split('\n').filter((line) => line !== '');

/** Signs a new user in, and then has 50 requests at once. Prints how many were answered, and the paths of refreshes. */
function burst(username: string, meanwhile: string): string {
  return `
    import { connect, getMe, signIn } from 'api-client';
    const paths = [];
    const send = (request) => {
      paths.push(new URL(request.url).pathname);
      return fetch(request);
    };
    connect({ baseUrl: '${api.program.url}', fetch: send });
    await signIn({ body: { username: '${username}', password: '${PASSWORD}' }, throwOnError: true });
    ${meanwhile}
    const answers = await Promise.all(Array.from({ length: 50 }, () => getMe()));
    await new Promise((done) => setTimeout(done, 1_000));
    console.log(answers.filter(({ data }) => data?.username === '${username}').length);
    console.log(paths.filter((path) => path.endsWith('/refresh')).length);
    console.log(paths.length);`;
}

// The token is valid for a minute, and is renewed when a fifth of that is left.
const BURSTS: [string, string, number][] = [
  ['is about to expire', 'await new Promise((done) => setTimeout(done, 52_000));', 52],
  ['has expired', 'await new Promise((done) => setTimeout(done, 62_000));', 52],
  [
    'has expired, of which the clock of the client knows nothing',
    `const now = Date.now(); Date.now = () => now; await new Promise((done) => setTimeout(done, 62_000));`,
    102,
  ],
];

/** Each burst, all at the same time. */
async function bursts(run: (code: string) => Promise<string>): Promise<unknown[]> {
  const users = await Promise.all(BURSTS.map(() => api.signUp()));
  const all = BURSTS.map(([, meanwhile], index) => run(burst(users[index]!.username, meanwhile)));
  return (await Promise.all(all)).map((output, index) => [BURSTS[index]![0], ...linesOf(output).map(Number)]);
}

// All of them were answered, after one refresh, and with no request too many: one of sign-in besides.
const ANSWERED = BURSTS.map(([how, , requests]) => [how, 50, 1, requests]);

test('it is ready to be published, and depends on nothing', () => {
  expect(about()).toMatchObject({ name: `${project.name}-client`, version: project.version, license: project.license });
  expect(Object.keys(about()).filter((key) => /dependencies|private|scripts/i.test(key))).toEqual([]);
  expect(consumer.read('LICENSE')).toBe(text('LICENSE'));
});

test('the walk of its README compiles strictly, and types allow what they should', () => consumer.compile(walk, TYPES));

const urlOf = ({ port }: TcpProxy) => `http://127.0.0.1:${port}`;

/** Prints what is told of a task, and where each stream began. Then leaves more streams than a user may have open. */
function follow(username: string, url: string): string {
  return `
    import { connect, createTask, followTask, signIn } from 'api-client';
    const seen = [];
    const send = async (request) => {
      if (request.url.endsWith('/events')) seen.push(request.headers.get('Last-Event-ID'));
      const answer = await fetch(request);
      if (answer.status === 429) console.log('Too many streams are open');
      return answer;
    };
    connect({ baseUrl: '${url}', fetch: send });
    await signIn({ body: { username: '${username}', password: '${PASSWORD}' }, throwOnError: true });
    const body = { name: 'sample', payload: { message: 'hello', seconds: 4 } };
    const queued = async () => (await createTask({ body, throwOnError: true })).data.id;
    const follow = async (task_id) => (await followTask({ path: { task_id } })).stream;
    for await (const { status, progress } of await follow(await queued())) console.log(status, progress);
    const [first, ...others] = seen;
    console.log(first === null && others.length > 0 && others.every(Boolean));
    const task_id = await queued();
    for (let left = 0; left < 12; left++) for await (const _ of await follow(task_id)) break;`;
}

/** Creates a task whose answers are lost, or come too early, so many times; prints how often it was sent, and the tasks. */
function lose(username: string, times: number, lost: string): string {
  return `
    import { connect, createTask, listTasks, signIn } from 'api-client';
    const keys = [];
    const send = async (request) => {
      const key = request.headers.get('Idempotency-Key');
      const answer = await fetch(request);
      if (key && keys.push(key) <= ${times}) ${lost}
      return answer;
    };
    connect({ baseUrl: '${api.program.url}', fetch: send });
    await signIn({ body: { username: '${username}', password: '${PASSWORD}' }, throwOnError: true });
    const { data, error } = await createTask({ body: { name: 'sample', payload: { message: 'once', seconds: 0 } } });
    const { data: tasks } = await listTasks({ throwOnError: true });
    console.log(keys.length, new Set(keys).size, tasks.total_count, data?.id === tasks.data[0].id, error?.code);`;
}

describe('in Node', () => {
  test.each([
    ['is lost once', 1, `throw new TypeError('lost');`, '2 1 1 true undefined'],
    ['is lost each time', 3, `throw new TypeError('lost');`, '3 1 1 false no_response'],
    ['comes from a proxy', 2, `return new Response('', { status: 502 });`, '3 1 1 true undefined'],
    [
      'is that it is in use',
      1,
      `return new Response('', { status: 409, headers: { 'Retry-After': '1' } });`,
      '2 1 1 true undefined',
    ],
  ])('what creates something takes effect once, where the answer %s', async (_, times, lost, printed) => {
    const { username } = await api.signUp();
    expect(linesOf(await consumer.run(lose(username, times, lost)))).toEqual([printed]);
  });

  test('the walk of its README prints what it says', async () => {
    expect(linesOf(await consumer.run(walk))).toEqual(said());
  });

  test('50 requests at once wait for one refresh', async () => {
    expect(await bursts((code) => consumer.run(code))).toEqual(ANSWERED);
  });

  test('events go on after the connection was cut', async () => {
    const proxy = await startProxy(Number(new URL(api.program.url).port));
    let isCut = false;
    const cut = async () => {
      isCut = true;
      proxy.become('gone');
      await sleep(1_500);
      proxy.become('open');
    };
    const hear = (part: string) => void (!isCut && part.includes('active') && cut());
    const lines = linesOf(await consumer.run(follow((await api.signUp()).username, urlOf(proxy)), hear));
    proxy.close();
    expect(lines).toEqual([...new Set(lines)]);
    expect(lines.slice(-2)).toEqual(['completed 100', 'true']);
  });
});

describeWith('chromium', hasChromium, 'the client in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** Runs a module in a page of another origin than that of the API, with cookies of its own. */
  async function run(code: string): Promise<string> {
    const page = await (await browser.newContext()).newPage();
    const lines: string[] = [];
    page.on('console', (line) => line.type() === 'log' && lines.push(line.text()));
    await page.goto(`${pages.origin}/index.html`);
    // As a text, or Jest's own way of importing would get there.
    await page.evaluate(`import('/${consumer.writeNew(code, 'js')}')`);
    return lines.join('\n');
  }

  test('the walk of its README prints what it says', async () => {
    expect(linesOf(await run(walk))).toEqual(said());
  });

  test('50 requests at once wait for one refresh', async () => {
    expect(await bursts(run)).toEqual(ANSWERED);
  });

  const { domain, files } = described();
  (existsSync(join(ROOT, 'src', domain)) ? test : test.skip)('the page of the docs signs in and lists', async () => {
    const route = ROUTES.find(({ operation }) => files.js.includes(`rows(${operation.operationId})`))!;
    const user = await api.signUp();
    await (await newScene(api, user, user)).value(route.lists!);
    consumer.write(
      'page.html',
      files.html.replace('main.js', consumer.writeNew(files.js.replace(LOCAL_API, api.program.url), 'js')),
    );
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${pages.origin}/page.html`);
    await page.fill('input[name=username]', user.username);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('button');
    await page.locator('li').waitFor();
    expect(await page.locator('form').isVisible()).toBe(false);
    await page.reload();
    await page.locator('li').waitFor();
    expect(await page.locator('li').innerText()).not.toContain('undefined');
  });
});

/** The files of the page of the docs, and the domain whose rows it lists. */
function described() {
  const own = samples().filter(({ page }) => page === 'docs/front-ends.md');
  const codeOf = (wanted: string) => own.find(({ language }) => language === wanted)!.code;
  const files = { html: codeOf('html'), js: codeOf('js') };
  return { files, domain: /rows\(list(\w+)\)/.exec(files.js)![1]!.toLowerCase() };
}
