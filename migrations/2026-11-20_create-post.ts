import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePost1795174175272 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "post" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "is_deleted" boolean NOT NULL DEFAULT false, "deleted_at" TIMESTAMP WITH TIME ZONE, "title" character varying(30) NOT NULL, "text" character varying(63206) NOT NULL, "media_url" character varying(2048), "created_by_user_id" bigint NOT NULL, CONSTRAINT "post_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "post_created_by_user_id_id_idx" ON "post"  ("created_by_user_id", "id") `);
    await runner.query(
      `ALTER TABLE "post" ADD CONSTRAINT "post_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "post" DROP CONSTRAINT "post_created_by_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."post_created_by_user_id_id_idx"`);
    await runner.query(`DROP TABLE "post"`);
  }
}
