import { Injectable } from '@nestjs/common';
import { PermissionRequired } from '../auth/auth.errors.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import { type Caller, holds } from '../platform/http/access/caller.js';
import { isPermission, type Permission } from '../platform/http/access/permissions.js';
import { AccountEvents } from '../users/accounts.events.js';
import { LastRoleManager, PermissionNotHeld } from './roles.errors.js';

// Any number works, as long as nothing else uses it.
const ROLES_LOCK = 7_401_884_025;
const MANAGE = 'roles.manage';

const HELD = `SELECT unnest(role.permissions) FROM role_holder JOIN role ON role.id = role_holder.role_id
  WHERE role_holder.user_id = "user".id`;
const RIGHTS = {
  name: 'role_rights',
  text: `SELECT is_superuser, ARRAY(${HELD}) AS permissions FROM "user" WHERE id = $1 AND NOT is_deleted`,
};
const IS_MANAGED = `SELECT EXISTS (SELECT FROM "user" WHERE is_superuser AND NOT is_deleted) OR EXISTS (
    SELECT FROM role JOIN role_holder ON role_holder.role_id = role.id JOIN "user" ON "user".id = role_holder.user_id
    WHERE '${MANAGE}' = ANY(role.permissions) AND NOT "user".is_deleted
  ) AS is_managed`;
const MANAGES = {
  name: 'role_manages',
  text: `SELECT FROM role_holder JOIN role ON role.id = role_holder.role_id
    WHERE role_holder.user_id = $1 AND '${MANAGE}' = ANY(role.permissions) LIMIT 1`,
};

interface Rights {
  is_superuser: boolean;
  permissions: Permission[];
}

/** Throws `PermissionNotHeld` unless who makes a change holds all of these. */
export type RequireHeld = (permissions: string[]) => void;

/** Lets nobody give, change or take what they do not hold themselves, and does not let the last manager of roles go. */
@Injectable()
export class RoleAdministration {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: Transactions,
    accounts: AccountEvents,
  ) {
    accounts.subscribe({ deleted: (userId) => this.keepManagerWithout(userId) });
  }

  /**
   * Makes one change at a time, in a transaction, by the rights that the caller has in it: somebody may have taken them
   * since the request was let in. Throws `PermissionRequired`, `PermissionNotHeld`, `LastRoleManager`.
   */
  run<T>(caller: Caller, change: (requireHeld: RequireHeld) => Promise<T>): Promise<T> {
    return this.transactions.run(async () => {
      await this.lock();
      const rights = await this.rightsOf(caller);
      const isHeld = (permission: Permission) => holds(caller, permission) && holds(rights, permission);
      if (!isHeld(MANAGE)) throw new PermissionRequired(MANAGE);
      const result = await change((permissions) => {
        // What no domain declares any more grants nothing.
        const missing = permissions.filter(isPermission).find((permission) => !isHeld(permission));
        if (missing) throw new PermissionNotHeld(missing);
      });
      if (!rights.is_superuser) await this.requireManager();
      return result;
    });
  }

  private async rightsOf({ id }: Caller) {
    const { rows } = await this.sql.query<Rights>({ ...RIGHTS, values: [id] });
    const { is_superuser, permissions } = rows[0] ?? { is_superuser: false, permissions: [] };
    return { is_superuser, permissions: new Set(permissions) };
  }

  private async keepManagerWithout(userId: number): Promise<void> {
    const { rows } = await this.sql.query({ ...MANAGES, values: [userId] });
    if (rows.length === 0) return;
    await this.lock();
    await this.requireManager();
  }

  private async requireManager(): Promise<void> {
    const { rows } = await this.sql.query<{ is_managed: boolean }>(IS_MANAGED);
    if (!rows[0]!.is_managed) throw new LastRoleManager();
  }

  private async lock(): Promise<void> {
    await this.sql.query('SELECT pg_advisory_xact_lock($1)', [ROLES_LOCK]);
  }
}
