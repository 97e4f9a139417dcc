import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUserExportPart1795286591535 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "user_export_part" ("task_id" bigint NOT NULL, "place" integer NOT NULL, "text" text NOT NULL, CONSTRAINT "user_export_part_pkey" PRIMARY KEY ("task_id", "place"))`,
    );
    await runner.query(
      `ALTER TABLE "user_export_part" ADD CONSTRAINT "user_export_part_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "user_export_part" DROP CONSTRAINT "user_export_part_task_id_fkey"`);
    await runner.query(`DROP TABLE "user_export_part"`);
  }
}
