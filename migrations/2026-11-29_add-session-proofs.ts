import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddSessionProofs1795993852694 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "auth_session" ADD "proved_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()`);
    // Signing in was the proof.
    await runner.query(`UPDATE "auth_session" SET "proved_at" = "created_at"`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "auth_session" DROP COLUMN "proved_at"`);
  }
}
