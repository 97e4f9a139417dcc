import { Injectable } from '@nestjs/common';
import { PasswordsService } from '../auth/passwords.service.js';
import type { Crud } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
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
   * Creates the superuser of the settings; false when it is there already, whatever its password is by now.
   * Throws `UsernameTaken` or `EmailTaken` when someone else has its name or its address, and `NoAdminPassword`.
   */
  async ensure(): Promise<boolean> {
    if (await this.isThere()) return false;
    const { ADMIN_NAME: name, ADMIN_USERNAME: username, ADMIN_EMAIL, ADMIN_PASSWORD } = this.admin;
    if (ADMIN_PASSWORD === undefined) throw new NoAdminPassword();
    const hashed_password = await this.passwords.hash(ADMIN_PASSWORD);
    const account = { name, username, email: ADMIN_EMAIL.toLowerCase(), hashed_password, is_superuser: true };
    try {
      await this.users.create(account, ['id']);
      return true;
    } catch (error) {
      // Another process may have been faster.
      if (await this.isThere()) return false;
      throw error;
    }
  }

  private isThere(): Promise<boolean> {
    const { ADMIN_USERNAME: username, ADMIN_EMAIL } = this.admin;
    return this.users.exists(
      { username, email: ADMIN_EMAIL.toLowerCase(), is_superuser: true },
      { deleted: 'include' },
    );
  }
}
