import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRecoveryToken1795995080951 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "recovery_token" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "user_id" bigint NOT NULL, "purpose" character varying(10) NOT NULL, "email" character varying(254) NOT NULL, "token_hash" character varying(43) NOT NULL, "bound_to" character varying(43) NOT NULL, "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, "ended_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "recovery_token_token_hash_key" UNIQUE ("token_hash"), CONSTRAINT "recovery_token_purpose_check" CHECK (purpose IN ('verify', 'change', 'revert', 'reset')), CONSTRAINT "recovery_token_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "recovery_token_created_at_idx" ON "recovery_token"  ("created_at") `);
    await runner.query(
      `CREATE INDEX "recovery_token_email_created_at_idx" ON "recovery_token"  ("email", "created_at") `,
    );
    await runner.query(`CREATE INDEX "recovery_token_user_id_id_idx" ON "recovery_token"  ("user_id", "id") `);
    await runner.query(
      `ALTER TABLE "recovery_token" ADD CONSTRAINT "recovery_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "recovery_token" DROP CONSTRAINT "recovery_token_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."recovery_token_user_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."recovery_token_email_created_at_idx"`);
    await runner.query(`DROP INDEX "public"."recovery_token_created_at_idx"`);
    await runner.query(`DROP TABLE "recovery_token"`);
  }
}
