import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { permissions } from '../platform/http/access/permissions.js';

const FILL = `
  UPDATE role SET is_fresh = false, updated_at = now(), permissions = ARRAY(
    SELECT permission FROM unnest($1::text[], $2::text[]) AS suiting (role, permission) WHERE suiting.role = role.name)
  WHERE is_fresh`;

/**
 * Gives the roles that the migration has planted the permissions that suit them, once: the migration knows no domain. What
 * administrators make of them afterwards stays, and one that they delete does not come back.
 */
@Injectable()
export class RoleSeeds implements OnApplicationBootstrap {
  constructor(private readonly sql: Sql) {}

  async onApplicationBootstrap(): Promise<void> {
    const suiting = permissions().flatMap(({ name, suits }) => (suits ? [{ name, suits }] : []));
    await this.sql.query(FILL, [suiting.map(({ suits }) => suits), suiting.map(({ name }) => name)]);
  }
}
