import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRole1795982826873 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "role" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "name" character varying(30) NOT NULL, "description" character varying(200) NOT NULL, "permissions" text array NOT NULL, "is_fresh" boolean NOT NULL DEFAULT false, CONSTRAINT "role_name_key" UNIQUE ("name"), CONSTRAINT "role_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE TABLE "role_holder" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "user_id" bigint NOT NULL, "role_id" bigint NOT NULL, CONSTRAINT "role_holder_user_id_role_id_key" UNIQUE ("user_id", "role_id"), CONSTRAINT "role_holder_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "role_holder_user_id_id_idx" ON "role_holder"  ("user_id", "id") `);
    await runner.query(`CREATE INDEX "role_holder_role_id_idx" ON "role_holder"  ("role_id") `);
    await runner.query(
      `ALTER TABLE "role_holder" ADD CONSTRAINT "role_holder_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "role_holder" ADD CONSTRAINT "role_holder_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    // The API gives them the permissions that suit them.
    await runner.query(
      `INSERT INTO "role" ("name", "description", "permissions", "is_fresh") VALUES ('editor', 'Edits what others write', '{}', true), ('support', 'Reads what others have', '{}', true)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "role_holder" DROP CONSTRAINT "role_holder_role_id_fkey"`);
    await runner.query(`ALTER TABLE "role_holder" DROP CONSTRAINT "role_holder_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."role_holder_role_id_idx"`);
    await runner.query(`DROP INDEX "public"."role_holder_user_id_id_idx"`);
    await runner.query(`DROP TABLE "role_holder"`);
    await runner.query(`DROP TABLE "role"`);
  }
}
