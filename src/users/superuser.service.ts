import { Injectable } from '@nestjs/common';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { Filter } from '../platform/database/crud/filter.js';
import { Transactions } from '../platform/database/transactions.js';
import { canonicalEmail } from '../platform/http/validation/emails.js';
import { AccountEvents } from './accounts.events.js';
import { AdminConfig } from './admin.config.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { User } from './user.entity.js';

export class NoAdminPassword extends Error {}

@Injectable()
export class SuperuserService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
    private readonly events: AccountEvents,
    private readonly transactions: Transactions,
    private readonly admin: AdminConfig,
  ) {}

  /**
   * Creates the superuser of the settings, or brings it back with the password of the settings when it was deleted; leaves
   * it alone when it is there, whatever its password is by now. Throws `UsernameTaken` or `EmailTaken` when an account
   * that is no superuser, or not with both, has its name or address, and `NoAdminPassword`.
   */
  async ensure(): Promise<'already exists' | 'was created' | 'was restored'> {
    const { ADMIN_NAME: name, ADMIN_USERNAME: username, ADMIN_EMAIL, ADMIN_PASSWORD } = this.admin;
    const identity = { username, email: canonicalEmail(ADMIN_EMAIL), is_superuser: true };
    if (await this.users.exists(identity)) return 'already exists';
    if (ADMIN_PASSWORD === undefined) throw new NoAdminPassword();
    const hashed_password = await this.passwords.hash(ADMIN_PASSWORD);
    if (await this.restore(identity, hashed_password)) return 'was restored';
    try {
      await this.users.create({ ...identity, name, hashed_password }, ['id']);
      return 'was created';
    } catch (error) {
      // Another process may have been faster.
      if (await this.users.exists(identity)) return 'already exists';
      throw error;
    }
  }

  /** The old password may be the reason why the account was deleted, so it must not work any more. */
  private restore(identity: Filter<User>, hashed_password: string): Promise<boolean> {
    return this.transactions.run(async () => {
      const deleted = await this.users.get(identity, ['id'] as const, { deleted: 'only', lock: true });
      if (!deleted) return false;
      const { id } = deleted;
      await this.users.restore({ id }, ['id']);
      await this.users.update({ id }, { hashed_password }, ['id']);
      await this.events.tell('restored', id);
      return true;
    });
  }
}
