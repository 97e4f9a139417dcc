/** The samples of README and docs that speak to the API, as somebody would type them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, PASSWORD, PREFIX, useApi } from '../../support/api.js';
import { type Sample, samples } from '../../support/pages.js';
import { type Program, start } from '../../support/program.js';
import { describeWith, hasProgram } from '../../support/programs.js';

const LOCAL_API = 'http://localhost:8000/api/v1';
const PUBLIC_API = 'https://api.example.com/api/v1';
// Each request writes down its status.
const CURL = `curl() { command curl -w '%{stderr}%{http_code}\\n' "$@"; }`;
// What a browser does, and then a user, whose token gets lost, and then expires.
const BROWSER = `
  const send = globalThis.fetch;
  let cookie = '';
  globalThis.fetch = async (url, { headers, ...options }) => {
    const answer = await send(url, { ...options, headers: { ...headers, ...(options.credentials && { cookie }) } });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    console.error(answer.status);
    return answer;
  };`;
const USER = `
  await signIn('eve', '${PASSWORD}');
  token = undefined;
  await call('/users/me');
  token = 'expired';
  await call('/users/me');`;
// All go on from the walk of the README; that of the API signs out in the end.
const [FIRST, LAST] = ['README.md', 'docs/api.md'];

const typed = samples().filter(({ mark }) => mark?.kind === 'run');
const shell = typed.filter(({ language }) => language === 'sh');
const front = typed.filter(({ language }) => language === 'js');
const inOrder = [
  ...shell.filter(({ page }) => page === FIRST),
  ...shell.filter(({ page }) => page !== FIRST && page !== LAST),
  ...shell.filter(({ page }) => page === LAST),
];
const withName = (sample: Sample) => [`${sample.page}:${sample.line}`, sample] as const;

let api: Api;
let url: string;
beforeAll(async () => {
  api = await useApi();
  url = `${api.program.url}${PREFIX}`;
});
afterAll(() => api.stop());

describeWith('curl', hasProgram('curl'), 'what is typed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-docs-'));
  let worker: Program;
  let answered: string[][];
  beforeAll(async () => {
    worker = await start('worker', api.env);
    const parts = inOrder.map(({ code }) => `echo sample >&2\n${code.replace(LOCAL_API, url)}`);
    const output = await run('sh', ['-euc', [CURL, ...parts].join('\n')], folder);
    answered = output.split('sample\n').slice(1).map(statusesIn);
  });
  afterAll(async () => {
    await worker.stop();
    rmSync(folder, { recursive: true });
  });

  test.each(inOrder.map(withName))('at %s is answered as its source says', (_, sample) => {
    expect(answered[inOrder.indexOf(sample)]).toEqual(statusesIn(sample.mark!.text));
  });
});

test.each(front.map(withName))('the front end of %s signs in, and again when it has to', async (_, { code, mark }) => {
  await api.signUp({ username: 'eve', password: PASSWORD });
  const source = [BROWSER, code.replace(PUBLIC_API, url), USER].join('\n');
  const output = await run(process.execPath, ['--input-type=module', '--eval', source]);
  expect(statusesIn(output)).toEqual(statusesIn(mark!.text));
});

const statusesIn = (output: string): string[] => output.match(/\b[1-5]\d\d\b/g) ?? [];

/** What it writes to standard error. */
async function run(command: string, args: string[], cwd?: string): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (part) => (output += part));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output}`);
  return output;
}
