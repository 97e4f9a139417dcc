import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNotice1795996031470 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "notice" ("user_id" bigint NOT NULL, "name" character varying(60) NOT NULL, "is_off" boolean NOT NULL DEFAULT false, "told_count" integer NOT NULL DEFAULT '0', "counting_began_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "notice_pkey" PRIMARY KEY ("user_id", "name"))`,
    );
    await runner.query(
      `ALTER TABLE "notice" ADD CONSTRAINT "notice_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "notice" DROP CONSTRAINT "notice_user_id_fkey"`);
    await runner.query(`DROP TABLE "notice"`);
  }
}
