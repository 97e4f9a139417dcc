import { Injectable } from '@nestjs/common';
import { PasswordsService } from '../auth/passwords.service.js';
import type { Crud } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
import { AdminConfig } from './admin.config.js';
import { User } from './user.entity.js';
import { EmailTaken, UsernameTaken } from './users.errors.js';

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
    const { ADMIN_NAME: name, ADMIN_USERNAME: username, ADMIN_EMAIL, ADMIN_PASSWORD } = this.admin;
    const email = ADMIN_EMAIL.toLowerCase();
    const known = await this.users.get({ username }, ['email', 'is_superuser'], { deleted: 'include' });
    if (known) {
      if (known.email !== email || !known.is_superuser) throw new UsernameTaken();
      return false;
    }
    if (await this.users.exists({ email }, { deleted: 'include' })) throw new EmailTaken();
    if (ADMIN_PASSWORD === undefined) throw new NoAdminPassword();
    const hashed_password = await this.passwords.hash(ADMIN_PASSWORD);
    await this.users.create({ name, username, email, hashed_password, is_superuser: true }, ['id']);
    return true;
  }
}
