import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import { CredentialsService } from '../../users/passwords/credentials.service.js';
import { LastWayIn } from '../auth.errors.js';

/** Whether an account has a way in of one kind, such as a passkey. */
export type WayIn = (userId: number) => Promise<boolean>;

/** How owners of accounts can sign in besides by password, which sign-in itself does not know. */
@Injectable()
export class WaysIn {
  private readonly ways: WayIn[] = [];

  constructor(
    private readonly credentials: CredentialsService,
    private readonly transactions: Transactions,
  ) {}

  subscribe(way: WayIn): void {
    this.ways.push(way);
  }

  /**
   * Takes a way in from an account, in a transaction: one such change at a time. Throws `LastWayIn`, and undoes it, if
   * nobody could sign in to the account any more.
   */
  async keepOne(userId: number, change: () => Promise<void>): Promise<void> {
    await this.transactions.run(async () => {
      const owner = await this.credentials.lock(userId);
      await change();
      if (owner?.hashed_password || (await this.hasAny(userId))) return;
      throw new LastWayIn();
    });
  }

  private async hasAny(userId: number): Promise<boolean> {
    for (const has of this.ways) if (await has(userId)) return true;
    return false;
  }
}
