import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FilterTasks1795918980000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX "task_name_id_idx" ON "task"  ("name", "id") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."task_name_id_idx"`);
  }
}
