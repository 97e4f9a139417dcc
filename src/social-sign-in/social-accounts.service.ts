import { Injectable } from '@nestjs/common';
import { ResponseCache } from '../platform/cache/response-cache.js';
import { Sql } from '../platform/database/sql.js';
import { Transactions } from '../platform/database/transactions.js';
import type { Client } from '../platform/http/requests/client-info.js';
import { RegistrationsLimit } from '../platform/limits/rates/registrations-limit.js';
import { type Credentials, CredentialsService } from '../users/passwords/credentials.service.js';
import { EmailTaken, UsernameTaken } from '../users/users.errors.js';
import { UsersService } from '../users/users.service.js';
import { LinksService } from './links/links.service.js';
import { newcomerOf, usernames } from './newcomers.js';
import type { Identity } from './providers/provider.js';
import type { Newcomer } from './social-sign-in.dto.js';
import { AccountExists, LinkedElsewhere, SignInRefused } from './social-sign-in.errors.js';

const HOLDER = {
  name: 'holder_of_email',
  text: `SELECT id, NOT is_deleted AND email_verified_at IS NOT NULL AS is_sure FROM "user" WHERE email = $1 FOR UPDATE`,
};

/** Whose account here somebody is, whom a provider has signed in. */
@Injectable()
export class SocialAccounts {
  constructor(
    private readonly links: LinksService,
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly registrations: RegistrationsLimit,
    private readonly transactions: Transactions,
    private readonly sql: Sql,
    private readonly cache: ResponseCache,
  ) {}

  /**
   * The owner of the account that is linked. If none is, of the one with the same address, where both sides have verified
   * it, or else of a new one. Throws `SignInRefused`, `EmailNeeded`, `AccountExists`, `AlreadyLinked`,
   * `TooManyRegistrations`.
   */
  async ownerOf(identity: Identity, provider: string, client: Client): Promise<Credentials> {
    const linked = await this.linked(identity);
    if (linked) return linked;
    const person = await identity.person();
    const newcomer = newcomerOf(person);
    // Whoever gets here learns whether the address has an account.
    await this.registrations.count(client.address);
    try {
      const id =
        (await this.linkHolder(newcomer.email, person.is_email_verified, { provider, identity, client })) ??
        (await this.register(newcomer, person, { provider, identity, client }));
      return await this.open(id);
    } catch (error) {
      if (!(error instanceof EmailTaken || error instanceof LinkedElsewhere)) throw error;
      // Two tabs of the same person, perhaps.
      const meanwhile = await this.linked(identity);
      if (meanwhile) return meanwhile;
      throw new AccountExists();
    }
  }

  private async linked(identity: Identity): Promise<Credentials | undefined> {
    const id = await this.links.ownerOf(identity);
    return id === undefined ? undefined : this.open(id);
  }

  /** Of an account that its owner has deleted, nobody is told more. */
  private async open(id: number): Promise<Credentials> {
    const owner = await this.credentials.of(id);
    if (!owner) throw new SignInRefused('the account is deleted');
    return owner;
  }

  /** Links whoever has the address, and says who that is. Throws `AccountExists` where not both sides have verified it. */
  private linkHolder(email: string, isVerified: boolean, { provider, identity, client }: Arrival) {
    return this.transactions.run(async (): Promise<number | undefined> => {
      const { rows } = await this.sql.query<{ id: number; is_sure: boolean }>({ ...HOLDER, values: [email] });
      const [holder] = rows;
      if (!holder) return undefined;
      if (!isVerified || !holder.is_sure) throw new AccountExists();
      await this.links.add(holder.id, provider, identity, client);
      return holder.id;
    });
  }

  private async register(
    { name, email }: Newcomer,
    { nickname, is_email_verified }: { nickname?: string; is_email_verified: boolean },
    { provider, identity, client }: Arrival,
  ): Promise<number> {
    for (const username of usernames(nickname ?? name)) {
      try {
        const id = await this.transactions.run(async () => {
          const fields = { name, username, email, email_verified_at: is_email_verified ? new Date() : null };
          const account = await this.users.add(fields, client);
          await this.links.insert(account.id, provider, identity, client);
          return account.id;
        });
        await this.cache.invalidate(['users']);
        return id;
      } catch (error) {
        if (!(error instanceof UsernameTaken)) throw error;
      }
    }
    throw new UsernameTaken();
  }
}

interface Arrival {
  provider: string;
  identity: Identity;
  client: Client;
}
