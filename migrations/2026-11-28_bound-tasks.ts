import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BoundTasks1795860000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."task_relayed_at_id_idx"`);
    await runner.query(
      `CREATE INDEX "task_relayed_at_id_idx" ON "task"  ("relayed_at", "id") WHERE relayed_at IS NULL AND (owner_user_id IS NULL OR run_at IS NOT NULL)`,
    );
    await runner.query(
      `CREATE INDEX "task_owner_user_id_relayed_at_id_idx" ON "task"  ("owner_user_id", "relayed_at", "id") WHERE owner_user_id IS NOT NULL AND run_at IS NULL AND finished_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."task_owner_user_id_relayed_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."task_relayed_at_id_idx"`);
    await runner.query(
      `CREATE INDEX "task_relayed_at_id_idx" ON "task"  ("relayed_at", "id") WHERE relayed_at IS NULL`,
    );
  }
}
