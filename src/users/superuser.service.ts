import { Injectable } from '@nestjs/common';
import { PasswordsService } from '../auth/passwords.service.js';
import type { Crud } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
import type { AdminConfig } from './admin.config.js';
import { User } from './user.entity.js';
import { EmailTaken, UsernameTaken } from './users.errors.js';

@Injectable()
export class SuperuserService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
  ) {}

  /**
   * Creates the superuser of the settings; false when it is there already, whatever its password is by now.
   * Throws `UsernameTaken` or `EmailTaken` when someone else has its name or its address.
   */
  async ensure(admin: AdminConfig): Promise<boolean> {
    const { ADMIN_NAME: name, ADMIN_USERNAME: username, ADMIN_PASSWORD } = admin;
    const email = admin.ADMIN_EMAIL.toLowerCase();
    const known = await this.users.get({ username }, ['email', 'is_superuser'], { deleted: 'include' });
    if (known) {
      if (known.email !== email || !known.is_superuser) throw new UsernameTaken();
      return false;
    }
    if (await this.users.exists({ email }, { deleted: 'include' })) throw new EmailTaken();
    const hashed_password = await this.passwords.hash(ADMIN_PASSWORD);
    await this.users.create({ name, username, email, hashed_password, is_superuser: true }, ['id']);
    return true;
  }
}
