import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePhoto1795969700909 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "photo" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "name" character varying(32) NOT NULL, "bytes" integer NOT NULL, "width" integer NOT NULL, "height" integer NOT NULL, "created_by_user_id" bigint NOT NULL, CONSTRAINT "photo_name_key" UNIQUE ("name"), CONSTRAINT "photo_created_by_user_id_key" UNIQUE ("created_by_user_id"), CONSTRAINT "photo_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `ALTER TABLE "photo" ADD CONSTRAINT "photo_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "photo" DROP CONSTRAINT "photo_created_by_user_id_fkey"`);
    await runner.query(`DROP TABLE "photo"`);
  }
}
