import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';

const MOST = 10_000;
const INTERVAL_MILLISECONDS = 30_000;

// In the order of their ids, so that two processes wait for each other and not in a circle.
const WRITE = {
  name: 'api_key_uses',
  text: `WITH used AS (
      SELECT api_key.id, date_trunc('minute', use.at) AS at FROM unnest($1::bigint[], $2::timestamptz[]) AS use (id, at)
      JOIN api_key ON api_key.id = use.id
      WHERE api_key.last_used_at IS NULL OR api_key.last_used_at < date_trunc('minute', use.at)
      ORDER BY api_key.id FOR NO KEY UPDATE OF api_key)
    UPDATE api_key SET last_used_at = used.at FROM used WHERE api_key.id = used.id`,
};

/** Remembers when keys are used, and writes it down for all of them in one statement now and then, and when it stops. */
@Injectable()
export class ApiKeyUses implements OnModuleDestroy {
  private readonly logger = new Logger(ApiKeyUses.name);
  /** Milliseconds since 1970, by id; at most 10,000. */
  private readonly uses = new Map<number, number>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly sql: Sql) {}

  note(id: number): void {
    this.uses.set(id, Date.now());
    if (this.uses.size >= MOST) void this.write();
    else this.timer ??= setTimeout(() => void this.write(), INTERVAL_MILLISECONDS).unref();
  }

  onModuleDestroy(): Promise<void> {
    return this.write();
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.uses.size === 0) return;
    const values = [[...this.uses.keys()], [...this.uses.values()].map((at) => new Date(at))];
    this.uses.clear();
    try {
      await this.sql.apart({ ...WRITE, values });
    } catch (error) {
      this.logger.warn(`when keys were used is not written down: ${(error as Error).message}`);
    }
  }
}
