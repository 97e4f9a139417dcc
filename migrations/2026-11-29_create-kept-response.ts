import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateKeptResponse1795982068122 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "kept_response" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "owner" character varying(60) NOT NULL, "key_hash" bytea NOT NULL, "sealed" bytea NOT NULL, "byte_count" integer NOT NULL, CONSTRAINT "kept_response_key_hash_key" UNIQUE ("key_hash"), CONSTRAINT "kept_response_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "kept_response_created_at_idx" ON "kept_response"  ("created_at") `);
    await runner.query(
      `CREATE INDEX "kept_response_owner_byte_count_idx" ON "kept_response"  ("owner", "byte_count") `,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."kept_response_owner_byte_count_idx"`);
    await runner.query(`DROP INDEX "public"."kept_response_created_at_idx"`);
    await runner.query(`DROP TABLE "kept_response"`);
  }
}
