/** What `LOG_LEVEL=debug` tells of statements. */
import { type Api, PREFIX, startApi } from '../../support/api.js';
import { until } from '../../support/program.js';

interface Line {
  msg: string;
  request_id?: string;
  ms?: number;
}

let api: Api;
beforeAll(async () => {
  api = await startApi({ LOG_LEVEL: 'debug', CACHE_ENABLED: 'false' });
}, 60_000);
afterAll(() => api.stop());

async function linesOf(requestId: string): Promise<Line[]> {
  const lines = () => api.program.output().split('\n').slice(0, -1);
  const found = () => lines().flatMap((line) => (line.includes(requestId) ? [JSON.parse(line) as Line] : []));
  await until(() => found().some(({ msg }) => msg === 'request'));
  return found();
}

test('each statement is logged with its time and the id of its request, and without its values', async () => {
  const canary = 'canary of a name';
  const user = await api.signUp();
  const changed = await user.agent.patch(`${PREFIX}/users/${user.username}`).send({ name: canary }).expect(200);
  const lines = await linesOf(changed.headers['x-request-id'] as string);
  const statements = lines.filter(({ msg }) => /^[A-Z]+\b/.test(msg));
  expect(statements.map(({ msg }) => msg)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^UPDATE "user"/), 'COMMIT']),
  );
  for (const { ms, request_id } of statements) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(request_id).toBe(changed.headers['x-request-id']);
  }
  expect(api.program.output()).not.toContain(canary);
});

test('statements of requests at the same time are told apart', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `nobody${index}`);
  const answers = await Promise.all(names.map((name) => api.http.get(`${PREFIX}/users/${name}`).expect(404)));
  for (const { headers } of answers) {
    const lines = await linesOf(headers['x-request-id'] as string);
    expect(lines.filter(({ msg }) => msg.startsWith('SELECT'))).toHaveLength(1);
  }
});
