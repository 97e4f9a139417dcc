/** Every route that needs a body, with one that it accepts: of ada, of her post 1, and of the superuser. */
import { type Api, PASSWORD, PREFIX } from './api.js';
import type { Sent } from './raw.js';

export interface BodyRoute {
  method: 'POST' | 'PATCH' | 'DELETE';
  /** As in the OpenAPI document. */
  template: string;
  as: 'nobody' | 'ada' | 'superuser';
  good: Record<string, unknown>;
  /** Fields that the route takes beyond those of `good`. */
  optional?: string[];
}

const account = { name: 'Grace Hopper', username: 'grace', email: 'grace@example.com' };
const post = { title: 'Compilers', text: 'The first of them.', media_url: 'https://example.com/a.png' };
const image = { profile_image_url: 'https://example.com/g.png' };

export const BODY_ROUTES: BodyRoute[] = [
  { method: 'POST', template: '/auth/login', as: 'nobody', good: { username: 'ada', password: PASSWORD } },
  {
    method: 'POST',
    template: '/auth/password',
    as: 'ada',
    good: { current_password: PASSWORD, new_password: 'Difference-Engine-1822' },
  },
  { method: 'POST', template: '/users', as: 'nobody', good: { ...account, ...image, password: PASSWORD } },
  {
    method: 'PATCH',
    template: '/users/{username}',
    as: 'ada',
    good: { ...account, ...image, current_password: PASSWORD },
  },
  { method: 'DELETE', template: '/users/{username}', as: 'ada', good: { current_password: PASSWORD } },
  { method: 'POST', template: '/users/{username}/posts', as: 'ada', good: post },
  { method: 'PATCH', template: '/users/{username}/posts/{post_id}', as: 'ada', good: post },
  { method: 'PATCH', template: '/admin/users/{username}', as: 'superuser', good: { ...account, ...image } },
  { method: 'POST', template: '/tasks', as: 'ada', good: { name: 'sample', payload: { message: 'hello' } } },
];

/** The texts of the bodies: a route and a field of it. */
export const TEXTS = BODY_ROUTES.flatMap((route) =>
  Object.keys(route.good)
    .filter((field) => typeof route.good[field] === 'string')
    .map((field) => Object.assign({ field }, route)),
);

/** The path of a template in which ada, her post 1 and no task exist. */
export function pathOf(template: string): string {
  const known: Record<string, string> = { username: 'ada', post_id: '1' };
  return PREFIX + template.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? '1');
}

export interface People {
  /** The request with a body, in the name of whoever may send it. */
  to(route: BodyRoute, body: unknown, type?: string | null): Sent;
  tokens: Record<BodyRoute['as'], string | undefined>;
}

/** Makes ada, her post 1 and the superuser. */
export async function inviteEveryone(api: Api): Promise<People> {
  const ada = await api.signUp({ username: 'ada' });
  const { body } = await ada.agent.post(`${PREFIX}/users/ada/posts`).send(post).expect(201);
  expect(body.id).toBe(1);
  const tokens = { nobody: undefined, ada: ada.token, superuser: (await api.superuser()).token };
  return {
    tokens,
    to: ({ method, template, as }, content, type) => ({
      method,
      path: pathOf(template),
      token: tokens[as],
      body: content,
      type,
    }),
  };
}
