/**
 * Schemathesis makes requests out of the document, and holds every answer against it. `SCHEMATHESIS_EXAMPLES=250` makes
 * many of each operation; schemathesis/ has what it may find, with reasons.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, PASSWORD, startApi } from '../../support/api.js';
import { describeWith, hasProgram } from '../../support/programs.js';
import { pythonTools } from '../../support/tools.js';

const TOOL = 'schemathesis==4.32.0';
const EXAMPLES = process.env.SCHEMATHESIS_EXAMPLES ?? '5';
const MILLISECONDS = 1_200_000;
const OURS = join(__dirname, 'schemathesis');
// They end the session that all other requests need.
const LEFT_OUT = ['signOut', 'signOutEverywhere'].flatMap((id) => ['--exclude-operation-id', id]);
const SHOWN = 5_000;

describeWith('python3', hasProgram('python3'), 'what the document promises', () => {
  let api: Api;
  let program: string;
  let folder: string;
  beforeAll(async () => {
    program = join(pythonTools(TOOL), 'bin/schemathesis');
    folder = mkdtempSync(join(tmpdir(), 'api-schemathesis-'));
    api = await startApi({ CONNECTIONS_MAX_PER_ADDRESS: '100000', LOG_LEVEL: 'error' });
  }, MILLISECONDS);
  afterAll(async () => {
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  /** What it has found, in words; empty if nothing. */
  async function found(
    caller: { username: string; password: string; about?: string },
    more: string[],
  ): Promise<string> {
    const { username: API_USERNAME, password: API_PASSWORD, about = '' } = caller;
    const ours = { API: api.program.url, API_USERNAME, API_PASSWORD, API_ABOUT: about };
    const hooks = { SCHEMATHESIS_HOOKS: join(OURS, 'hooks.py'), PYTHONDONTWRITEBYTECODE: '1' };
    const args = [
      '--config-file',
      join(OURS, 'schemathesis.toml'),
      'run',
      `${api.program.url}/openapi.json`,
      '--no-color',
    ];
    const checks = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance,use_after_free', '-n', EXAMPLES];
    const env = { PATH: process.env.PATH, ...ours, ...hooks };
    const child = spawn(program, [...args, ...checks, ...more], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 ? '' : output.slice(output.search(/=+ (?:FAILURES|ERRORS) =+/)).slice(0, SHOWN);
  }

  test(
    'holds for a user',
    async () => {
      const { username } = await api.signUp();
      expect(await found({ username, password: PASSWORD }, LEFT_OUT)).toBe('');
    },
    MILLISECONDS,
  );

  test(
    'holds for a superuser',
    async () => {
      const [root, { username: about }] = [await api.superuser(), await api.signUp()];
      const password = api.env.ADMIN_PASSWORD!;
      expect(await found({ username: root.username, password, about }, LEFT_OUT)).toBe('');
    },
    MILLISECONDS,
  );

  test(
    'holds for who signs out',
    async () => {
      const { username } = await api.signUp();
      const only = ['--include-tag', 'auth', '--exclude-operation-id', 'changePassword'];
      expect(await found({ username, password: PASSWORD }, only)).toBe('');
    },
    MILLISECONDS,
  );
});
