import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LimitSources } from '../auth/access/limit-sources.service.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import { RouteLimits } from '../platform/limits/rates/route-limits.js';
import { AccountEvents } from '../users/accounts.events.js';
import { UsersService } from '../users/users.service.js';
import { TierHolder } from './tier-holder.entity.js';
import { Tier } from './tier.entity.js';
import { TiersConfig } from './tiers.config.js';
import { TierRead } from './tiers.dto.js';
import { TierNotFound } from './tiers.errors.js';

const MOST_READ = 1_000;
const CHOSEN = {
  name: 'tier of account',
  text: `SELECT id, updated_at::text, limits FROM tier WHERE id = COALESCE(
    (SELECT tier_id FROM tier_holder WHERE user_id = $1),
    (SELECT id FROM tier WHERE name = $2)
  )`,
};
const CHOOSE = `INSERT INTO tier_holder (user_id, tier_id) VALUES ($1, $2)
  ON CONFLICT (user_id) DO UPDATE SET tier_id = EXCLUDED.tier_id`;

type Chosen = Pick<TierRead, 'id' | 'updated_at' | 'limits'>;

/** Which tier accounts have. */
@Injectable()
export class AccountTiers {
  /** By tier and its last change, so that all accounts of a tier share what was made of it. */
  private readonly limits = new LRUCache<string, RouteLimits>({ max: MOST_READ });

  constructor(
    @InjectCrud(Tier) private readonly tiers: Crud<Tier>,
    @InjectCrud(TierHolder) private readonly holders: Crud<TierHolder>,
    private readonly sql: Sql,
    private readonly transactions: Transactions,
    private readonly users: UsersService,
    private readonly accounts: AccountEvents,
    private readonly config: TiersConfig,
    sources: LimitSources,
  ) {
    sources.provide((userId) => this.limitsOf(userId));
  }

  /** The tier of an account, or that of all who have none. Throws `UserNotFound`, `TierNotFound`. */
  async of(username: string): Promise<TierRead> {
    const chosen = await this.find(await this.users.idOf(username));
    if (!chosen) throw new TierNotFound();
    return this.tiers.getOrThrow({ id: chosen.id }, TierRead);
  }

  /** Throws `UserNotFound`, `TierNotFound`. */
  async choose(username: string, tierId: number): Promise<TierRead> {
    const userId = await this.users.idOf(username);
    return this.transactions.run(async () => {
      // Nobody deletes it meanwhile.
      const tier = await this.tiers.getOrThrow({ id: tierId }, TierRead, { lock: true });
      await this.sql.query(CHOOSE, [userId, tierId]);
      await this.accounts.tell('changed', userId);
      return tier;
    });
  }

  /** Leaves an account with the default. Throws `UserNotFound`, and `TierNotFound` if it has that already. */
  async reset(username: string, ifMatch?: Precondition): Promise<void> {
    const user_id = await this.users.idOf(username);
    await this.transactions.run(async () => {
      const { tier_id: id } = await this.holders.getOrThrow({ user_id }, ['tier_id'] as const, { lock: true });
      ifMatch?.(await this.tiers.getOrThrow({ id }, TierRead));
      await this.holders.deleteOrThrow({ user_id });
      await this.accounts.tell('changed', user_id);
    });
  }

  private async limitsOf(userId: number): Promise<RouteLimits | undefined> {
    const tier = await this.find(userId);
    if (!tier) return undefined;
    const key = `${tier.id} ${tier.updated_at}`;
    const limits = this.limits.get(key) ?? new RouteLimits(tier.limits);
    this.limits.set(key, limits);
    return limits;
  }

  private async find(userId: number): Promise<Chosen | undefined> {
    const { rows } = await this.sql.query<Chosen>({ ...CHOSEN, values: [userId, this.config.DEFAULT_TIER] });
    return rows[0];
  }
}
