import { IsEmail, IsOptional, Length, Matches, NotEquals } from 'class-validator';
import { isDeployed } from '../platform/config/app.config.js';
import { type Checked, Settings } from '../platform/config/settings.js';

const SAMPLE_PASSWORDS = ['password', 'admin', 'changeme', 'change-me', '!Ch4ng3Th1sP4ssW0rd!'];

/** The first superuser, whom `create-superuser` creates. */
@Settings()
export class AdminConfig implements Checked {
  @Length(2, 30) ADMIN_NAME = 'Admin';
  @IsEmail() @Length(3, 254) ADMIN_EMAIL = 'admin@example.com';
  @Matches(/^[a-z0-9]{2,20}$/, { message: 'ADMIN_USERNAME must be 2 to 20 letters a-z and digits' })
  @NotEquals('me')
  ADMIN_USERNAME = 'admin';
  @IsOptional() @Length(8, 128) ADMIN_PASSWORD?: string;

  problems(): string[] {
    const isSample = SAMPLE_PASSWORDS.some((sample) =>
      this.ADMIN_PASSWORD?.toLowerCase().includes(sample.toLowerCase()),
    );
    return isDeployed() && isSample ? ['ADMIN_PASSWORD: must not be a sample (openssl rand -base64 18)'] : [];
  }
}
