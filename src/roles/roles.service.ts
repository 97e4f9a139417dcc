import { Injectable } from '@nestjs/common';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { KeysetPage, NumberedPage } from '../platform/database/crud/pages.js';
import { Transactions } from '../platform/database/transactions.js';
import { actorOf, type Caller } from '../platform/http/access/caller.js';
import { pageOf } from '../platform/http/lists/page-of.js';
import type { KeysetQuery } from '../platform/http/lists/pagination.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { audit } from '../platform/runtime/log/audit.js';
import { AccountEvents } from '../users/accounts.events.js';
import { RoleAdministration } from './role-administration.service.js';
import { RoleHolder } from './role-holder.entity.js';
import { Role } from './role.entity.js';
import { RolesConfig } from './roles.config.js';
import { type RoleCreate, RoleRead, type RoleUpdate } from './roles.dto.js';
import { TooManyRoles } from './roles.errors.js';

const NOTHING: Pick<RoleRead, 'permissions'> = { permissions: [] };

/** What roles there are, and what is in them. Every write throws what `RoleAdministration.run` throws. */
@Injectable()
export class RolesService {
  constructor(
    @InjectCrud(Role) private readonly roles: Crud<Role>,
    @InjectCrud(RoleHolder) private readonly holders: Crud<RoleHolder>,
    private readonly administration: RoleAdministration,
    private readonly accounts: AccountEvents,
    private readonly transactions: Transactions,
    private readonly config: RolesConfig,
  ) {}

  list(query: KeysetQuery): Promise<NumberedPage<RoleRead> | KeysetPage<RoleRead>> {
    return pageOf(this.roles, {}, RoleRead, query);
  }

  read(id: number): Promise<RoleRead> {
    return this.roles.getOrThrow({ id }, RoleRead);
  }

  /** Throws `RoleNameTaken`, `TooManyRoles`. */
  async create(caller: Caller, body: RoleCreate, client: Client): Promise<RoleRead> {
    const role = await this.administration.run(caller, async (requireHeld) => {
      requireHeld(body.permissions);
      const created = await this.roles.create(body, RoleRead);
      if ((await this.roles.count({})) > this.config.ROLES_MAX) throw new TooManyRoles();
      return created;
    });
    this.transactions.afterCommit(() => record(caller, role, difference(NOTHING, role), client));
    return role;
  }

  /** Throws `RoleNotFound`, `RoleNameTaken`. */
  async update(
    caller: Caller,
    id: number,
    changes: RoleUpdate,
    client: Client,
    ifMatch?: Precondition,
  ): Promise<RoleRead> {
    const { before, role } = await this.administration.run(caller, async (requireHeld) => {
      const seen = await this.roles.getOrThrow({ id }, RoleRead, { lock: true });
      ifMatch?.(seen);
      requireHeld([...seen.permissions, ...(changes.permissions ?? [])]);
      const changed = await this.roles.updateOrThrow({ id }, changes, RoleRead);
      if (changes.permissions) await this.tellHolders(id);
      return { before: seen, role: changed };
    });
    record(caller, role, difference(before, role), client);
    return role;
  }

  /** Its holders have it no more. Throws `RoleNotFound`. */
  async delete(caller: Caller, id: number, client: Client, ifMatch?: Precondition): Promise<void> {
    const role = await this.administration.run(caller, async (requireHeld) => {
      const seen = await this.roles.getOrThrow({ id }, RoleRead, { lock: true });
      ifMatch?.(seen);
      requireHeld(seen.permissions);
      await this.tellHolders(id);
      await this.roles.deleteOrThrow({ id });
      return seen;
    });
    record(caller, role, difference(role, NOTHING), client);
  }

  /** All at once, as there may be many. */
  private async tellHolders(role_id: number): Promise<void> {
    if (await this.holders.exists({ role_id })) await this.accounts.tellOfMany();
  }
}

type Holding = Pick<RoleRead, 'permissions'>;

function difference(before: Holding, after: Holding) {
  const given = after.permissions.filter((name) => !before.permissions.includes(name));
  const taken = before.permissions.filter((name) => !after.permissions.includes(name));
  return { given, taken };
}

function record(caller: Caller, { id, name }: RoleRead, what: object, client: Client): void {
  audit('role_changed', { ...actorOf(caller), role_id: id, role: name, ...what, ...client });
}
