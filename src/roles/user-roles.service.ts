import { Injectable } from '@nestjs/common';
import { PermissionSources } from '../auth/access/permission-sources.service.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Sql } from '../platform/database/sql.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import { ValidationFailed } from '../platform/http/problems/http.errors.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { AccountEvents } from '../users/accounts.events.js';
import { UsersService } from '../users/users.service.js';
import { RoleAdministration } from './role-administration.service.js';
import { RoleHolder } from './role-holder.entity.js';
import type { UserRoles } from './roles.dto.js';

const COLUMNS = 'role.id, role.name, role.permissions';
const HELD = {
  name: 'roles_of_user',
  text: `SELECT ${COLUMNS} FROM role_holder JOIN role ON role.id = role_holder.role_id
    WHERE role_holder.user_id = $1 ORDER BY role.name`,
};
const NAMED = { name: 'roles_by_name', text: `SELECT ${COLUMNS} FROM role WHERE name = ANY($1) ORDER BY name` };

interface Role {
  id: number;
  name: string;
  permissions: string[];
}

/** Which roles a user has, from which come permissions. */
@Injectable()
export class UserRolesService {
  constructor(
    @InjectCrud(RoleHolder) private readonly holders: Crud<RoleHolder>,
    private readonly sql: Sql,
    private readonly users: UsersService,
    private readonly accounts: AccountEvents,
    private readonly administration: RoleAdministration,
    permissions: PermissionSources,
  ) {
    permissions.subscribe(async (userId) => (await this.of(userId)).flatMap((role) => role.permissions));
  }

  /** Throws `UserNotFound`. */
  async read(username: string): Promise<UserRoles> {
    return { roles: namesOf(await this.of(await this.users.idOf(username))) };
  }

  /**
   * Gives a user these roles and takes all others. Throws `UserNotFound`, `ValidationFailed`, and what
   * `RoleAdministration.run` throws.
   */
  async assign(
    caller: Caller,
    username: string,
    names: string[],
    client: Client,
    ifMatch?: Precondition,
  ): Promise<UserRoles> {
    const { of_user_id, given, taken, roles } = await this.administration.run(caller, async (requireHeld) => {
      const user_id = await this.users.idOf(username);
      const before = await this.of(user_id);
      ifMatch?.({ roles: namesOf(before) } satisfies UserRoles);
      const after = await this.named(names);
      const more = without(after, before);
      const fewer = without(before, after);
      requireHeld([...more, ...fewer].flatMap(({ permissions }) => permissions));
      await this.replace(user_id, fewer, more);
      return { of_user_id: user_id, given: namesOf(more), taken: namesOf(fewer), roles: namesOf(after) };
    });
    audit('roles_assigned', { ...actorOf(caller), of_user_id, given, taken, ...client });
    return { roles };
  }

  private async of(userId: number): Promise<Role[]> {
    return (await this.sql.query<Role>({ ...HELD, values: [userId] })).rows;
  }

  private async named(names: string[]): Promise<Role[]> {
    const { rows } = await this.sql.query<Role>({ ...NAMED, values: [names] });
    const unknown = names.find((name) => !rows.some((role) => role.name === name));
    if (unknown === undefined) return rows;
    throw new ValidationFailed([{ field: 'roles', message: `there is no role ${unknown}` }]);
  }

  private async replace(user_id: number, fewer: Role[], more: Role[]): Promise<void> {
    if (fewer.length + more.length === 0) return;
    if (fewer.length > 0) await this.holders.dbDelete({ user_id, role_id: fewer.map(({ id }) => id) });
    if (more.length > 0)
      await this.holders.createMany(
        more.map(({ id }) => ({ user_id, role_id: id })),
        ['id'] as const,
      );
    await this.accounts.tell('changed', user_id);
  }
}

const namesOf = (roles: Role[]) => roles.map(({ name }) => name);
const without = (roles: Role[], others: Role[]) => roles.filter(({ id }) => !others.some((other) => other.id === id));
