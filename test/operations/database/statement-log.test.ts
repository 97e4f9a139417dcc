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

describe('a page', () => {
  beforeAll(async () => {
    await api.database.query('DELETE FROM "user"');
    for (let users = 0; users < 3; users++) await api.signUp();
  });

  test.each([
    ['that is all there is', 'items_per_page=100', 1],
    ['by cursor that is all there is', 'items_per_page=99&after=', 1],
    ['that is the last', 'items_per_page=2&page=2', 1],
    ['with others after it', 'items_per_page=2', 2],
    ['beyond the end', 'items_per_page=2&page=9', 2],
  ])('%s takes as many statements as it needs', async (_, query, statements) => {
    const page = await api.http.get(`${PREFIX}/users?${query}`).expect(200);
    expect(page.body.total_count).toBe(3);
    const lines = await linesOf(page.headers['x-request-id'] as string);
    expect(lines.filter(({ msg }) => msg.startsWith('SELECT'))).toHaveLength(statements);
  });
});
