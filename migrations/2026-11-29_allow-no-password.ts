import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AllowNoPassword1795993200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "user" ALTER COLUMN "hashed_password" DROP NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Has the form of a hash, but no password gives it.
    await runner.query(
      `UPDATE "user" SET "hashed_password" = '$2b$12$' || repeat('.', 53) WHERE "hashed_password" IS NULL`,
    );
    await runner.query(`ALTER TABLE "user" ALTER COLUMN "hashed_password" SET NOT NULL`);
  }
}
