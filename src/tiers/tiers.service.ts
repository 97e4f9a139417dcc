import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import { type NumberedPage, numberedPage } from '../platform/database/crud/pages.js';
import { Transactions } from '../platform/database/transactions.js';
import type { Precondition } from '../platform/http/caching/preconditions.js';
import type { PageQuery } from '../platform/http/lists/pagination.js';
import { AccountEvents } from '../users/accounts.events.js';
import { Tier } from './tier.entity.js';
import { TiersConfig } from './tiers.config.js';
import { type TierCreate, TierRead, type TierUpdate } from './tiers.dto.js';
import { TierInUse } from './tiers.errors.js';

@Injectable()
export class TiersService {
  constructor(
    @InjectCrud(Tier) private readonly tiers: Crud<Tier>,
    private readonly transactions: Transactions,
    private readonly accounts: AccountEvents,
    private readonly config: TiersConfig,
  ) {}

  /** Throws `TierNameTaken`. */
  create(body: TierCreate): Promise<TierRead> {
    const create = () => this.tiers.create(body, TierRead);
    return this.isDefault(body) ? this.telling(create) : create();
  }

  list(query: PageQuery): Promise<NumberedPage<TierRead>> {
    return numberedPage(this.tiers, {}, TierRead, query);
  }

  read(id: number): Promise<TierRead> {
    return this.tiers.getOrThrow({ id }, TierRead);
  }

  /** Throws `TierNameTaken`, and `TierInUse` for another name than that of the default. */
  update(id: number, changes: TierUpdate, ifMatch?: Precondition): Promise<TierRead> {
    return this.telling(async () => {
      const tier = await this.locked(id, ifMatch);
      if (changes.name !== undefined && changes.name !== tier.name && this.isDefault(tier)) throw new TierInUse();
      return this.tiers.updateOrThrow({ id }, changes, TierRead);
    });
  }

  /** Throws `TierInUse`. */
  delete(id: number, ifMatch?: Precondition): Promise<void> {
    return this.transactions.run(async () => {
      if (this.isDefault(await this.locked(id, ifMatch))) throw new TierInUse();
      await this.tiers.deleteOrThrow({ id });
    });
  }

  /** What accounts may ask for is looked up again, in every process, as soon as the change is committed. */
  private telling<T>(change: () => Promise<T>): Promise<T> {
    return this.transactions.run(async () => {
      const result = await change();
      await this.accounts.tellOfMany();
      return result;
    });
  }

  private async locked(id: number, ifMatch?: Precondition): Promise<TierRead> {
    const tier = await this.tiers.getOrThrow({ id }, TierRead, { lock: true });
    ifMatch?.(tier);
    return tier;
  }

  private isDefault({ name }: Pick<TierRead, 'name'>): boolean {
    return name === this.config.DEFAULT_TIER;
  }
}
