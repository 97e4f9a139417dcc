import { IsEmail, Length, Matches } from 'class-validator';
import { Settings } from '../../src/platform/config/settings.js';

/** The account that the suites sign in with. */
@Settings()
export class TestConfig {
  @Length(2, 30) TEST_NAME = 'Tester Test';
  @IsEmail() TEST_EMAIL = 'tester@example.com';
  @Matches(/^[a-z0-9]{2,20}$/) TEST_USERNAME = 'tester';
  @Length(8, 128) TEST_PASSWORD = 'Str1ng-of-tests';
}
