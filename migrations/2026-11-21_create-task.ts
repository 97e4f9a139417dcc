import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTask1795286591534 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "task" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "name" character varying(100) NOT NULL, "status" character varying(9) NOT NULL DEFAULT 'queued', "payload" jsonb NOT NULL, "owner_user_id" bigint, "job_key" character varying(200), "run_at" TIMESTAMP WITH TIME ZONE, "relayed_at" TIMESTAMP WITH TIME ZONE, "round" bigint NOT NULL DEFAULT EXTRACT(epoch FROM now()), "progress" smallint NOT NULL DEFAULT '0', "attempts" integer NOT NULL DEFAULT '0', "result" jsonb, "error" text, "started_at" TIMESTAMP WITH TIME ZONE, "finished_at" TIMESTAMP WITH TIME ZONE, "expires_at" TIMESTAMP WITH TIME ZONE, "version" integer NOT NULL DEFAULT '1', CONSTRAINT "task_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "task_expires_at_idx" ON "task"  ("expires_at") WHERE expires_at IS NOT NULL`);
    await runner.query(
      `CREATE INDEX "task_relayed_at_id_idx" ON "task"  ("relayed_at", "id") WHERE relayed_at IS NULL`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX "task_name_job_key_idx" ON "task"  ("name", "job_key") WHERE job_key IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX "task_status_id_idx" ON "task"  ("status", "id") `);
    await runner.query(
      `CREATE INDEX "task_owner_user_id_id_idx" ON "task"  ("owner_user_id", "id") WHERE owner_user_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE TABLE "task_effect" ("task_id" bigint NOT NULL, "name" character varying(100) NOT NULL, CONSTRAINT "task_effect_pkey" PRIMARY KEY ("task_id", "name"))`,
    );
    await runner.query(
      `CREATE TABLE "task_schedule" ("name" character varying(100) NOT NULL, "last_due_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "task_schedule_pkey" PRIMARY KEY ("name"))`,
    );
    await runner.query(
      `ALTER TABLE "task" ADD CONSTRAINT "task_owner_user_id_fkey" FOREIGN KEY ("owner_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "task_effect" ADD CONSTRAINT "task_effect_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "task_effect" DROP CONSTRAINT "task_effect_task_id_fkey"`);
    await runner.query(`ALTER TABLE "task" DROP CONSTRAINT "task_owner_user_id_fkey"`);
    await runner.query(`DROP TABLE "task_schedule"`);
    await runner.query(`DROP TABLE "task_effect"`);
    await runner.query(`DROP INDEX "public"."task_owner_user_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."task_status_id_idx"`);
    await runner.query(`DROP INDEX "public"."task_name_job_key_idx"`);
    await runner.query(`DROP INDEX "public"."task_relayed_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."task_expires_at_idx"`);
    await runner.query(`DROP TABLE "task"`);
  }
}
