import { type Api, PASSWORD, PREFIX, useApi, type User, writePost } from '../../support/api.js';
import { expectProblem, type Received, send } from '../../support/raw.js';
import { signIn } from '../../support/sessions.js';

let api: Api;
let root: User;
let routes: { method: string; template: string; hasGet: boolean }[];
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  const { body } = await api.http.get('/openapi.json').expect(200);
  routes = Object.entries<object>(body.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method === 'patch' || method === 'delete')
      .map((method) => ({
        method: method.toUpperCase(),
        template: path.slice(PREFIX.length),
        hasGet: 'get' in item,
      })),
  );
});
afterAll(() => api.stop());

interface Resource {
  path: string;
  token: string;
  body?: object;
}
const isAdmin = (template: string) => template.startsWith('/admin');

/** A resource that the route changes, made for the occasion. */
async function resourceOf({ method, template }: { method: string; template: string }): Promise<Resource> {
  const user = await api.signUp();
  const ids: Record<string, () => Promise<number>> = {
    post_id: async () => (await writePost(user)).id,
    task_id: async () => {
      const task = { name: 'sample', payload: { message: 'hello' } };
      return (await user.agent.post(`${PREFIX}/tasks`).send(task).expect(202)).body.id as number;
    },
    session_id: async () => {
      await signIn(api.program.url, user.username);
      return (await user.agent.get(`${PREFIX}/auth/sessions`).expect(200)).body.data[0].id as number;
    },
  };
  let path = PREFIX + template.replace('{username}', user.username);
  for (const [, name] of template.matchAll(/\{(\w+_id)\}/g))
    path = path.replace(`{${name}}`, String(await ids[name!]!()));
  const body = bodyOf(method, template);
  return { path, token: isAdmin(template) ? root.token : user.token, ...(body && { body }) };
}

function bodyOf(method: string, template: string): object | undefined {
  if (template === '/users/{username}' && method === 'DELETE') return { current_password: PASSWORD };
  if (method !== 'PATCH') return undefined;
  return template.endsWith('{post_id}') ? { title: 'Changed' } : { name: 'Changed' };
}

const HEADERS = ['if-match', 'if-none-match'] as const;
function change(
  resource: Resource,
  method: string,
  header: (typeof HEADERS)[number],
  value: string,
): Promise<Received> {
  return send(api.program.url, { ...resource, method, headers: { [header]: value } });
}

async function tagOf({ path, token }: Resource): Promise<string> {
  const { status, headers } = await send(api.program.url, { path, token });
  expect(status).toBe(200);
  expect(headers.etag).toMatch(/^"[^"]+"$/);
  return headers.etag!;
}

/** All that is stored, but for when somebody was last seen. */
async function stored(): Promise<string> {
  const [row] = await api.database.query<{ all: string }>(
    `SELECT (SELECT json_agg(t ORDER BY id)::text FROM "user" t) || (SELECT json_agg(t ORDER BY id)::text FROM post t)
       || (SELECT json_agg(json_build_array(id, revoked_at) ORDER BY id)::text FROM auth_session t)
       || (SELECT json_agg(id ORDER BY id)::text FROM task) AS all`,
  );
  return row!.all;
}

test('there are such routes, of every domain', () => {
  expect(routes.length).toBeGreaterThanOrEqual(8);
});

test('a stale entity tag is 412 wherever something is changed, and nothing is', async () => {
  for (const route of routes) {
    const resource = await resourceOf(route);
    const before = await stored();
    for (const tag of ['"stale"', '"a", "b"', 'W/"stale"', 'no tag at all', '']) {
      const answer = await change(resource, route.method, 'if-match', tag);
      expect({ ...route, tag, status: answer.status }).toEqual({ ...route, tag, status: 412 });
      expectProblem(answer, 412, 'stale_entity_tag');
    }
    expect(await stored()).toBe(before);
  }
});

test('what already exists is 412 to who wants nothing there, and stays', async () => {
  for (const route of routes) {
    const resource = await resourceOf(route);
    const before = await stored();
    expectProblem(await change(resource, route.method, 'if-none-match', '*'), 412, 'stale_entity_tag');
    if (route.hasGet) {
      const tag = await tagOf(resource);
      expectProblem(await change(resource, route.method, 'if-none-match', `W/${tag}`), 412, 'stale_entity_tag');
    }
    expect(await stored()).toBe(before);
  }
});

test('a weak tag, as a proxy that compresses makes of ours, matches nothing that is changed', async () => {
  for (const route of routes.filter(({ hasGet }) => hasGet)) {
    const resource = await resourceOf(route);
    const answer = await change(resource, route.method, 'if-match', `W/${await tagOf(resource)}`);
    expectProblem(answer, 412, 'stale_entity_tag');
  }
});

test('the entity tag of a GET of the path lets its change through, and so does any', async () => {
  for (const route of routes) {
    const values = route.hasGet ? ['current', '*'] : ['*'];
    for (const value of values) {
      const resource = await resourceOf(route);
      const tag = value === '*' ? value : `"other", ${await tagOf(resource)}`;
      const { status } = await change(resource, route.method, 'if-match', tag);
      expect({ ...route, value, status }).toEqual({ ...route, value, status: route.method === 'PATCH' ? 200 : 204 });
    }
  }
});

test('a date, which no answer has given, decides nothing', async () => {
  for (const route of routes) {
    const headers = { 'if-unmodified-since': new Date(0).toUTCString() };
    const { status } = await send(api.program.url, { ...(await resourceOf(route)), method: route.method, headers });
    expect({ ...route, status }).toEqual({ ...route, status: route.method === 'PATCH' ? 200 : 204 });
  }
});

test('what is not there is 404, whatever is demanded of it', async () => {
  const user = await api.signUp();
  for (const path of ['/auth/sessions/999999', '/tasks/999999', `/users/${user.username}/posts/999999`]) {
    for (const value of ['*', '"stale"']) {
      const answer = await change({ path: PREFIX + path, token: user.token }, 'DELETE', 'if-match', value);
      expectProblem(answer, 404);
    }
  }
  const none = { path: `${PREFIX}/admin/posts/999999`, token: root.token };
  expectProblem(await change(none, 'DELETE', 'if-match', '"stale"'), 404, 'post_not_found');
});

test('of a change and deletions at once of what all have seen, one is made and the others refused', async () => {
  const user = await api.signUp();
  for (let round = 0; round < 5; round++) {
    const { id } = await writePost(user);
    const resource = { path: `${PREFIX}/users/${user.username}/posts/${id}`, token: user.token };
    const tag = await tagOf(resource);
    const answers = await Promise.all([
      change({ ...resource, body: { title: 'Changed' } }, 'PATCH', 'if-match', tag),
      change(resource, 'DELETE', 'if-match', tag),
      change(resource, 'DELETE', 'if-match', tag),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    for (const status of statuses.filter((one) => one >= 300)) expect([404, 412]).toContain(status);
  }
});
