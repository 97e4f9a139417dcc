/** Visits to the docs in staging: with name and password as browsers send them, and with the cookie that follows. */
import { type Api, PASSWORD, PREFIX, type User } from './api.js';
import { expectProblem, type Received, send } from './raw.js';

export interface Visit {
  path?: string;
  method?: string;
  authorization?: string;
  /** The value of the cookie. */
  pass?: string;
  /** Where it comes from, as a proxy at 127.0.0.1 says. */
  address?: string;
}

/** Captures value, path and expiry of the cookie. */
export const PASS_COOKIE = /^__Secure-docs=([\w.-]+); Path=(\S+); Expires=([^;]+); HttpOnly; Secure; SameSite=Lax$/;

export function visit({ program }: Api, { path = '/docs', method, authorization, pass, address }: Visit) {
  const headers = {
    ...(authorization !== undefined && { authorization }),
    ...(pass !== undefined && { cookie: `__Secure-docs=${pass}` }),
    ...(address !== undefined && { 'x-forwarded-for': address }),
  };
  return send(program.url, { path, method, headers });
}

/** The header of a browser's prompt (RFC 7617). */
export const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;
export const knownAs = (name: string, password = PASSWORD) => basic(`${name}:${password}`);

/** What name and password of a superuser are exchanged for. */
export async function passOf(api: Api, { username }: User, path = '/docs'): Promise<string> {
  const { headers } = await visit(api, { path, authorization: knownAs(username) });
  return PASS_COOKIE.exec(headers['set-cookie']?.[0] ?? '')![1]!;
}

export function expectChallenge(answer: Received, code: string): void {
  expectProblem(answer, 401, code);
  expect(answer.headers['www-authenticate']).toBe('Basic realm="docs", charset="UTF-8", Bearer');
  expect(answer.headers).not.toHaveProperty('set-cookie');
}

/** Promotes or demotes, in the name of another superuser. */
export async function grant(root: User, { username }: User, is_superuser: boolean): Promise<void> {
  await root.agent.patch(`${PREFIX}/admin/users/${username}`).send({ is_superuser }).expect(200);
}

export async function newSuperuser(api: Api, root: User, fields: { password?: string } = {}): Promise<User> {
  const user = await api.signUp(fields);
  await grant(root, user, true);
  return user;
}
