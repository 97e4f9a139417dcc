/** People with roles, and what they ask for. */
import type { Test } from 'supertest';
import { type Api, PREFIX, type User } from '../support/api.js';

export const ROLES = `${PREFIX}/admin/roles`;

export interface RoleRead {
  id: number;
  name: string;
  description: string;
  permissions: string[];
}

let counter = 0;

/** A role with these permissions, made by a superuser or another manager. */
export async function makeRole({ agent }: User, permissions: string[]): Promise<RoleRead> {
  const role = { name: `role_${++counter}`, description: 'A role', permissions };
  return (await agent.post(ROLES).send(role).expect(201)).body;
}

/** Asks for exactly these roles of a user. */
export function assign(actor: User, { username }: Pick<User, 'username'>, ...roles: { name: string }[]): Test {
  return actor.agent.put(`${PREFIX}/admin/users/${username}/roles`).send({ roles: roles.map(({ name }) => name) });
}

/** A new user who holds these permissions, by a role of its own. */
export async function newHolder(api: Api, root: User, permissions: string[]): Promise<User & { role: RoleRead }> {
  const [user, role] = [await api.signUp(), await makeRole(root, permissions)];
  await assign(root, user, role).expect(200);
  return { ...user, role };
}

/** The permissions that a user sees of themselves. */
export async function heldBy({ agent }: User): Promise<string[]> {
  return (await agent.get(`${PREFIX}/users/me`).expect(200)).body.permissions;
}
