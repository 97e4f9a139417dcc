import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateComment1795969963419 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "comment" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "is_deleted" boolean NOT NULL DEFAULT false, "deleted_at" TIMESTAMP WITH TIME ZONE, "post_id" bigint NOT NULL, "parent_id" bigint, "depth" smallint NOT NULL, "reply_count" integer NOT NULL DEFAULT '0', "text" character varying(10000), "is_hidden" boolean NOT NULL DEFAULT false, "hidden_at" TIMESTAMP WITH TIME ZONE, "created_by_user_id" bigint, "is_author_deleted" boolean NOT NULL DEFAULT false, "is_listed" boolean NOT NULL DEFAULT true, CONSTRAINT "comment_depth_check" CHECK (depth BETWEEN 1 AND 3 AND (depth = 1) = (parent_id IS NULL)), CONSTRAINT "comment_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE INDEX "comment_deleted_at_idx" ON "comment"  ("deleted_at") WHERE deleted_at IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX "comment_created_by_user_id_id_idx" ON "comment"  ("created_by_user_id", "id") `);
    await runner.query(
      `CREATE INDEX "comment_parent_id_is_listed_id_idx" ON "comment"  ("parent_id", "is_listed", "id") `,
    );
    await runner.query(
      `CREATE INDEX "comment_post_id_depth_is_listed_id_idx" ON "comment"  ("post_id", "depth", "is_listed", "id") `,
    );
    await runner.query(
      `CREATE TABLE "comment_usage" ("user_id" bigint NOT NULL, "comments" integer NOT NULL, "bytes" bigint NOT NULL, CONSTRAINT "comment_usage_pkey" PRIMARY KEY ("user_id"))`,
    );
    await runner.query(
      `CREATE TABLE "comment_report" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "comment_id" bigint NOT NULL, "reason" character varying(500) NOT NULL, "created_by_user_id" bigint NOT NULL, CONSTRAINT "comment_report_comment_id_created_by_user_id_key" UNIQUE ("comment_id", "created_by_user_id"), CONSTRAINT "comment_report_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE INDEX "comment_report_created_by_user_id_id_idx" ON "comment_report"  ("created_by_user_id", "id") `,
    );
    await runner.query(`ALTER TABLE "post" ADD "comment_count" integer NOT NULL DEFAULT '0'`);
    await runner.query(
      `ALTER TABLE "comment" ADD CONSTRAINT "comment_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "comment" ADD CONSTRAINT "comment_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "comment"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "comment" ADD CONSTRAINT "comment_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "comment_usage" ADD CONSTRAINT "comment_usage_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "comment_report" ADD CONSTRAINT "comment_report_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "comment_report" ADD CONSTRAINT "comment_report_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "comment_report" DROP CONSTRAINT "comment_report_created_by_user_id_fkey"`);
    await runner.query(`ALTER TABLE "comment_report" DROP CONSTRAINT "comment_report_comment_id_fkey"`);
    await runner.query(`ALTER TABLE "comment_usage" DROP CONSTRAINT "comment_usage_user_id_fkey"`);
    await runner.query(`ALTER TABLE "comment" DROP CONSTRAINT "comment_created_by_user_id_fkey"`);
    await runner.query(`ALTER TABLE "comment" DROP CONSTRAINT "comment_parent_id_fkey"`);
    await runner.query(`ALTER TABLE "comment" DROP CONSTRAINT "comment_post_id_fkey"`);
    await runner.query(`ALTER TABLE "post" DROP COLUMN "comment_count"`);
    await runner.query(`DROP INDEX "public"."comment_report_created_by_user_id_id_idx"`);
    await runner.query(`DROP TABLE "comment_report"`);
    await runner.query(`DROP TABLE "comment_usage"`);
    await runner.query(`DROP INDEX "public"."comment_post_id_depth_is_listed_id_idx"`);
    await runner.query(`DROP INDEX "public"."comment_parent_id_is_listed_id_idx"`);
    await runner.query(`DROP INDEX "public"."comment_created_by_user_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."comment_deleted_at_idx"`);
    await runner.query(`DROP TABLE "comment"`);
  }
}
