import { type Api, useApi, type User } from '../../support/api.js';
import { expectProblem, type Received, send, type Sent, stored } from '../../support/raw.js';
import { type Route, ROUTES } from '../../support/routes.js';
import { newScene } from '../../support/scenes.js';

let api: Api;
let root: User;
/** Whose rows stay, as whoever changes them is refused. */
let keeper: User;
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  keeper = await api.signUp();
});
afterAll(() => api.stop());

type Changing = Route & { hasGet: boolean };
const routes = ROUTES.filter(({ method }) => method === 'PATCH' || method === 'DELETE').map((route): Changing =>
  Object.assign({ hasGet: ROUTES.some(({ name }) => name === `GET ${route.template}`) }, route),
);

/** A request to change something that was made for the occasion. */
const resourceOf = async (route: Route, user?: User): Promise<Sent> => (await newScene(api, root, user)).ready(route);

const HEADERS = ['if-match', 'if-none-match'] as const;
function change(resource: Sent, header: (typeof HEADERS)[number], value: string): Promise<Received> {
  return send(api.program.url, { ...resource, headers: { [header]: value } });
}

async function tagOf({ path, token }: Sent): Promise<string> {
  const { status, headers } = await send(api.program.url, { path, token });
  expect(status).toBe(200);
  expect(headers.etag).toMatch(/^"[^"]+"$/);
  return headers.etag!;
}

test('a stale entity tag is 412 wherever something is changed, and nothing is', async () => {
  for (const route of routes) {
    const resource = await resourceOf(route, keeper);
    const before = await stored(api);
    for (const tag of ['"stale"', '"a", "b"', 'W/"stale"', 'no tag at all', '']) {
      const answer = await change(resource, 'if-match', tag);
      expect({ route: route.name, tag, status: answer.status }).toEqual({ route: route.name, tag, status: 412 });
      expectProblem(answer, 412, 'stale_entity_tag');
    }
    expect(await stored(api)).toEqual(before);
  }
});

test('what already exists is 412 to who wants nothing there, and stays', async () => {
  for (const route of routes) {
    const resource = await resourceOf(route, keeper);
    const before = await stored(api);
    expectProblem(await change(resource, 'if-none-match', '*'), 412, 'stale_entity_tag');
    if (route.hasGet) {
      const tag = await tagOf(resource);
      expectProblem(await change(resource, 'if-none-match', `W/${tag}`), 412, 'stale_entity_tag');
    }
    expect(await stored(api)).toEqual(before);
  }
});

test('a weak tag, as a proxy that compresses makes of ours, matches nothing that is changed', async () => {
  for (const route of routes.filter(({ hasGet }) => hasGet)) {
    const resource = await resourceOf(route, keeper);
    const answer = await change(resource, 'if-match', `W/${await tagOf(resource)}`);
    expectProblem(answer, 412, 'stale_entity_tag');
  }
});

test('the entity tag of a GET of the path lets its change through, and so does any', async () => {
  for (const route of routes) {
    const values = route.hasGet ? ['current', '*'] : ['*'];
    for (const value of values) {
      const resource = await resourceOf(route);
      const tag = value === '*' ? value : `"other", ${await tagOf(resource)}`;
      const { status } = await change(resource, 'if-match', tag);
      expect({ route: route.name, value, status }).toEqual({ route: route.name, value, status: route.status });
    }
  }
});

test('a date, which no answer has given, decides nothing', async () => {
  for (const route of routes) {
    const headers = { 'if-unmodified-since': new Date(0).toUTCString() };
    const { status } = await send(api.program.url, { ...(await resourceOf(route)), headers });
    expect({ route: route.name, status }).toEqual({ route: route.name, status: route.status });
  }
});

const named = routes.filter(({ template }) => template.includes('_id}'));
test.each(named)('what is not there is 404 to $name, whatever is demanded of it', async (route) => {
  const template = route.template.replace(/\{\w+_id\}/, '999999');
  for (const value of ['*', '"stale"'])
    expectProblem(await change(await resourceOf({ ...route, template }, keeper), 'if-match', value), 404);
});
