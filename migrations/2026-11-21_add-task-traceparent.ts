import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddTaskTraceparent1795300200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "task" ADD "traceparent" character varying(55)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "task" DROP COLUMN "traceparent"`);
  }
}
