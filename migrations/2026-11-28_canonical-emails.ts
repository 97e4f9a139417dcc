import { domainToASCII } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stops, and changes nothing, where two accounts have the same address in different forms: change one of them first. */
export class CanonicalEmails1795892400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const rows = (await runner.query(`SELECT "id", "email" FROM "user" WHERE "email" !~ '^[ -~]*$'`)) as {
      id: number;
      email: string;
    }[];
    await runner.query(`ALTER TABLE "user" DROP CONSTRAINT "user_email_check"`);
    for (const { id, email } of rows) {
      await runner.query(`UPDATE "user" SET "email" = $2 WHERE "id" = $1`, [id, canonical(email)]);
    }
    await runner.query(
      `ALTER TABLE "user" ADD CONSTRAINT "user_email_check" CHECK (email = lower(email) AND email IS NFC NORMALIZED AND email ~ '@[!-~]+$')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "user" DROP CONSTRAINT "user_email_check"`);
    await runner.query(`ALTER TABLE "user" ADD CONSTRAINT "user_email_check" CHECK (email = lower(email))`);
  }
}

function canonical(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, at).normalize('NFC')}@${domainToASCII(email.slice(at + 1))}`;
}
