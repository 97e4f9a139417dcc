import { Injectable } from '@nestjs/common';
import { PasswordsService } from '../auth/passwords.service.js';
import type { Crud } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
import { canonicalEmail } from '../http/emails.js';
import { AdminConfig } from './admin.config.js';
import { User } from './user.entity.js';

export class NoAdminPassword extends Error {}

@Injectable()
export class SuperuserService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
    private readonly admin: AdminConfig,
  ) {}

  /**
   * Creates the superuser of the settings, or brings it back; leaves it alone when it is there, whatever its password
   * is by now. Throws `UsernameTaken` or `EmailTaken` when someone else has its name or address, and `NoAdminPassword`.
   */
  async ensure(): Promise<'is there already' | 'was created' | 'was restored'> {
    const { ADMIN_NAME: name, ADMIN_USERNAME: username, ADMIN_PASSWORD } = this.admin;
    const identity = { username, email: canonicalEmail(this.admin.ADMIN_EMAIL), is_superuser: true };
    if (await this.users.exists(identity)) return 'is there already';
    if (await this.users.restore(identity, ['id'])) return 'was restored';
    if (ADMIN_PASSWORD === undefined) throw new NoAdminPassword();
    const hashed_password = await this.passwords.hash(ADMIN_PASSWORD);
    try {
      await this.users.create({ ...identity, name, hashed_password }, ['id']);
      return 'was created';
    } catch (error) {
      // Another process may have been faster.
      if (await this.users.exists(identity)) return 'is there already';
      throw error;
    }
  }
}
