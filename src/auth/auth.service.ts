import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { Crud } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
import type { Caller } from '../http/access.js';
import { parseId } from '../http/ids.js';
import { User } from '../users/user.entity.js';
import { AuthConfig } from './auth.config.js';
import type { AccessToken } from './auth.dto.js';
import { WrongCredentials } from './auth.errors.js';
import { PasswordsService } from './passwords.service.js';

@Injectable()
export class AuthService {
  constructor(
    @InjectCrud(User) private readonly users: Crud<User>,
    private readonly passwords: PasswordsService,
    private readonly jwt: JwtService,
    private readonly config: AuthConfig,
  ) {}

  /** Signs in with a user name or an e-mail address; unknown, deleted and wrong look alike. */
  async login(name: string, password: string): Promise<AccessToken> {
    const where = name.includes('@') ? { email: name.toLowerCase() } : { username: name };
    const user = await this.users.get(where, ['id', 'hashed_password']);
    if (!(await this.passwords.verify(password, user?.hashed_password))) throw new WrongCredentials();
    const { id, hashed_password } = user!;
    if (this.passwords.isOutdated(hashed_password)) await this.renewHash(id, password);
    return this.issueToken(id);
  }

  /** The account that the subject of a verified token names, as it is now; null when there is none. */
  async callerOf(subject: unknown): Promise<Caller | null> {
    const id = typeof subject === 'string' ? parseId(subject) : undefined;
    return id === undefined ? null : this.users.get({ id }, ['id', 'username', 'is_superuser']);
  }

  /** The only time at which the password is known. */
  private async renewHash(id: number, password: string): Promise<void> {
    await this.users.update({ id }, { hashed_password: await this.passwords.hash(password) }, ['id']);
  }

  private issueToken(userId: number): AccessToken {
    const access_token = this.jwt.sign({}, { subject: String(userId), jwtid: randomUUID() });
    return { access_token, token_type: 'bearer', expires_in: this.config.ACCESS_TOKEN_EXPIRE_MINUTES * 60 };
  }
}
