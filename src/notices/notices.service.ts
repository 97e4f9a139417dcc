import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import { type NoticeDefinition, noticeDefinitions } from '../users/notices/account-notices.service.js';
import type { NoticeRead, OwnNotices } from './notices.dto.js';
import { NoticeNotFound, NoticeRequired } from './notices.errors.js';

const OFF = { name: 'notices_off', text: 'SELECT name FROM notice WHERE user_id = $1 AND is_off' };
const PUT = {
  name: 'notice_put',
  text: `INSERT INTO notice AS known (user_id, name, is_off) VALUES ($1, $2, $3::boolean IS FALSE)
    ON CONFLICT (user_id, name) DO UPDATE SET is_off = CASE WHEN $3::boolean IS NULL THEN known.is_off ELSE EXCLUDED.is_off END`,
};

/** What owners of accounts want to be told of. */
@Injectable()
export class NoticesService {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: Transactions,
  ) {}

  async list(userId: number): Promise<OwnNotices> {
    const off = await this.off(userId);
    return { notices: [...noticeDefinitions()].map(([name, definition]) => noticeOf(name, definition, off)) };
  }

  /** Throws `NoticeNotFound`. */
  async read(userId: number, name: string): Promise<NoticeRead> {
    const definition = definitionOf(name);
    return noticeOf(name, definition, await this.off(userId));
  }

  /** Turns it on or off, if it is what the client has seen. Throws `NoticeNotFound` and `NoticeRequired`. */
  async turn(userId: number, name: string, isOn?: boolean, ifMatch?: Precondition): Promise<NoticeRead> {
    if (definitionOf(name).isRequired && isOn === false) throw new NoticeRequired();
    const seen = async () => {
      await this.put(userId, name, null);
      return this.read(userId, name);
    };
    return this.transactions.runIf(ifMatch, seen, async () => {
      if (isOn !== undefined) await this.put(userId, name, isOn);
      return this.read(userId, name);
    });
  }

  /** Locks it too, until the open transaction ends, also where it stays as it is. */
  private async put(userId: number, name: string, isOn: boolean | null): Promise<void> {
    await this.sql.query({ ...PUT, values: [userId, name, isOn] });
  }

  private async off(userId: number): Promise<Set<string>> {
    const { rows } = await this.sql.query<{ name: string }>({ ...OFF, values: [userId] });
    return new Set(rows.map(({ name }) => name));
  }
}

function definitionOf(name: string): NoticeDefinition {
  const definition = noticeDefinitions().get(name);
  if (!definition) throw new NoticeNotFound();
  return definition;
}

/** One that has become required since is on, whatever its owner has said. */
function noticeOf(name: string, { about, isRequired = false }: NoticeDefinition, off: Set<string>): NoticeRead {
  return { name, about, is_required: isRequired, is_on: isRequired || !off.has(name) };
}
