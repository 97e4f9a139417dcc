import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the tasks of the lab write down; they have no entities. */
export class CreateLabRun1795917500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "lab_run" ("id" bigint GENERATED ALWAYS AS IDENTITY, "task_id" bigint NOT NULL, "name" text NOT NULL, "attempt" integer NOT NULL, "began_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(), "ended_at" TIMESTAMP WITH TIME ZONE)`,
    );
    await runner.query(`CREATE TABLE "lab_effect" ("task_id" bigint NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "lab_effect"`);
    await runner.query(`DROP TABLE "lab_run"`);
  }
}
