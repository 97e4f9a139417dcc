import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApiKey1795981668012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "api_key" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "is_deleted" boolean NOT NULL DEFAULT false, "deleted_at" TIMESTAMP WITH TIME ZONE, "name" character varying(60) NOT NULL, "secret_hash" character varying(43) NOT NULL, "permissions" text array, "expires_at" TIMESTAMP WITH TIME ZONE, "last_used_at" TIMESTAMP WITH TIME ZONE, "created_by_user_id" bigint NOT NULL, CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "api_key_created_by_user_id_id_idx" ON "api_key"  ("created_by_user_id", "id") `);
    await runner.query(
      `ALTER TABLE "api_key" ADD CONSTRAINT "api_key_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "api_key" DROP CONSTRAINT "api_key_created_by_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."api_key_created_by_user_id_id_idx"`);
    await runner.query(`DROP TABLE "api_key"`);
  }
}
