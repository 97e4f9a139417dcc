/** Asks every route as everyone, and holds the answers against what docs/permissions.md says of who may. */
import { join } from 'node:path';
import { type Api, PREFIX, useApi, type User } from '../../support/api.js';
import { ROOT, text } from '../../support/pages.js';
import { send } from '../../support/raw.js';
import type { Actor, Scene } from '../../support/route-facts.js';
import { DESCRIBED, FACTS, type Route, ROUTES } from '../../support/routes.js';
import { newScene, type PlayedScene } from '../../support/scenes.js';

interface Access {
  kind: 'anyone' | 'signed in' | 'owner' | 'permission' | 'superusers';
  permission?: string;
  needsSession: boolean;
  refusal?: string;
}

interface Permissions {
  accessOf: (operation: Route['operation']) => Access;
  permissionsPage: (document: object, permissions: object[]) => string;
}

const PLACEHOLDER = /\{\w+\}/;
// Of these the same user can have another.
const OF_ROWS = /\{\w+_id\}/;
const KINDS: Record<string, (scene: Scene) => Promise<Actor>> = {
  nobody: () => Promise.resolve({}),
  owner: ({ user }) => Promise.resolve({ token: user.token, isOwner: true, hasSession: true }),
  'another user': async (scene) => ({ token: (await scene.api.signUp()).token, hasSession: true }),
  superuser: async (scene) => ({ token: (await promoted(scene)).token, isSuperuser: true, hasSession: true }),
  ...Object.assign({}, ...Object.values(FACTS).map(({ actors }) => actors)),
};

let api: Api;
let root: User;
let accessOf: Permissions['accessOf'];
let permissionsPage: Permissions['permissionsPage'];
/** Those whom no route has taken anything from so far. */
const unharmed = new Map<string, Promise<Actor>>();
beforeAll(async () => {
  api = await useApi();
  root = await api.superuser();
  ({ accessOf, permissionsPage } = (await import(join(ROOT, 'scripts/openapi/permissions.mjs'))) as Permissions);
});
afterAll(() => api.stop());

async function promoted({ root: { agent } }: Scene): Promise<User> {
  const user = await api.signUp();
  await agent.patch(`${PREFIX}/admin/users/${user.username}`).send({ is_superuser: true }).expect(200);
  return user;
}

/** What an actor is to be answered: a status, with the code where it is a refusal. */
function expectedOf(route: Route, actor: Actor): string {
  const { kind, permission, needsSession, refusal } = accessOf(route.operation);
  const done = String(route.status);
  const holds = actor.isSuperuser || (permission !== undefined && actor.permissions?.includes(permission));
  if (kind === 'anyone') return done;
  if (actor.token === undefined) return '401 not_signed_in';
  if (needsSession && !actor.hasSession) return '403 session_required';
  if (kind === 'superusers') return actor.isSuperuser ? done : '403 superuser_only';
  if (kind === 'permission') return holds ? done : '403 permission_required';
  if (route.refusesOthers && !actor.isOwner) return route.refusesOthers;
  if (actor.isOwner || (permission !== undefined && holds)) return done;
  if (kind === 'owner') return refusal ? `403 ${refusal}` : '404';
  return PLACEHOLDER.test(route.template) && !route.isForOthers ? '404' : done;
}

/** What makes something new takes nothing away from whoever asks for it. */
const adds = ({ status }: Route) => status === 201 || status === 202;

/** Whether it may take something from whoever asks: of a route that is open to everyone, the body says whose it is. */
const isOfCaller = (route: Route) =>
  !adds(route) && !PLACEHOLDER.test(route.template) && accessOf(route.operation).kind !== 'anyone';

async function actorIn(scene: PlayedScene, kind: string): Promise<Actor> {
  const actor = unharmed.get(kind) ?? KINDS[kind]!(scene);
  unharmed.set(kind, actor);
  // The next scene has another owner.
  if ((await actor).isOwner) unharmed.delete(kind);
  return actor;
}

test.each(ROUTES.map((route) => [route.name, route] as const))('%s', async (_, route) => {
  const [answered, expected]: Record<string, string>[] = [{}, {}];
  let scene = await newScene(api, root);
  let sent = await scene.ready(route);
  for (const kind of Object.keys(KINDS)) {
    const actor = await actorIn(scene, kind);
    const { status, text: body } = await send(api.program.url, { ...sent, token: actor.token });
    const awaited = expectedOf(route, actor);
    expected![kind] = awaited;
    answered![kind] =
      awaited.includes(' ') && status >= 400
        ? `${status} ${(JSON.parse(body) as { code: string }).code}`
        : String(status);
    if (status >= 400 || route.method === 'GET') continue;
    // What has been done can be done again only elsewhere, and perhaps not by the same.
    scene = adds(route) || OF_ROWS.test(route.template) ? scene.apart() : await newScene(api, root);
    sent = await scene.ready(route);
    if (isOfCaller(route)) unharmed.delete(kind);
  }
  expect(answered).toEqual(expected);
});

test('there are four who ask at least, and those of domains', () => {
  const told = Object.values(FACTS).flatMap(({ actors = {} }) => Object.keys(actors));
  expect(Object.keys(KINDS)).toEqual(['nobody', 'owner', 'another user', 'superuser', ...told]);
});

test('the page is what the code says: else run `npm run openapi`', () => {
  const { document, permissions } = DESCRIBED;
  // As it is formatted.
  const words = (page: string) => page.replace(/-+/g, '-').replace(/\s+/g, ' ');
  expect(words(text('docs/permissions.md'))).toBe(words(permissionsPage(document, permissions)));
});
