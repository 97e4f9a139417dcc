import { Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/sql.js';
import type { Device } from '../../platform/http/access/caller.js';
import type { Client } from '../../platform/http/requests/client-info.js';
import { AccountNotices } from '../../users/notices/account-notices.service.js';

// Programs without cookies are known by where their sessions came from, and with what. Whoever has just registered knows
// that they sign in.
const IS_NEW = {
  name: 'is_new_device',
  text: `
    SELECT NOT EXISTS (SELECT FROM auth_session WHERE user_id = "user".id AND ip = $2 AND user_agent = $3)
      AND (created_at < now() - interval '1 hour' OR EXISTS (SELECT FROM auth_session WHERE user_id = "user".id)) AS is_new
    FROM "user" WHERE id = $1`,
};

/** Tells owners of accounts that somebody signs in on a device that is new to the account. */
@Injectable()
export class NewDevices {
  constructor(
    private readonly sql: Sql,
    private readonly notices: AccountNotices,
  ) {}

  /** Call it before there is the session that this is about. */
  async tell(userId: number, { client, devices }: { client: Client; devices: Device[] }): Promise<void> {
    if (!this.notices.areHeard || devices.some(({ user_id }) => user_id === userId)) return;
    const values = [userId, client.address, client.user_agent];
    const { rows } = await this.sql.query<{ is_new: boolean }>({ ...IS_NEW, values });
    if (rows[0]?.is_new) await this.notices.tell(userId, 'new_device', client);
  }
}
