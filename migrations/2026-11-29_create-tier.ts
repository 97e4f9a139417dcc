import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTier1795985016966 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "tier" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "name" character varying(30) NOT NULL, "limits" jsonb NOT NULL, CONSTRAINT "tier_name_key" UNIQUE ("name"), CONSTRAINT "tier_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE TABLE "tier_holder" ("user_id" bigint NOT NULL, "tier_id" bigint NOT NULL, CONSTRAINT "tier_holder_pkey" PRIMARY KEY ("user_id"))`,
    );
    await runner.query(`CREATE INDEX "tier_holder_tier_id_idx" ON "tier_holder"  ("tier_id") `);
    await runner.query(
      `ALTER TABLE "tier_holder" ADD CONSTRAINT "tier_holder_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "tier_holder" ADD CONSTRAINT "tier_holder_tier_id_fkey" FOREIGN KEY ("tier_id") REFERENCES "tier"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "tier_holder" DROP CONSTRAINT "tier_holder_tier_id_fkey"`);
    await runner.query(`ALTER TABLE "tier_holder" DROP CONSTRAINT "tier_holder_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."tier_holder_tier_id_idx"`);
    await runner.query(`DROP TABLE "tier_holder"`);
    await runner.query(`DROP TABLE "tier"`);
  }
}
