import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSecondFactor1795996071020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "second_factor" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "user_id" bigint NOT NULL, "kind" character varying(7) NOT NULL, "name" character varying(60) NOT NULL, "confirmed_at" TIMESTAMP WITH TIME ZONE, "last_used_at" TIMESTAMP WITH TIME ZONE, "sealed_secret" bytea, "sealing_key" character varying(12), "last_step" bigint NOT NULL DEFAULT '0', "credential_id" character varying(1400), "public_key" bytea, "counter" bigint NOT NULL DEFAULT '0', "transports" text array NOT NULL DEFAULT '{}', CONSTRAINT "second_factor_credential_id_key" UNIQUE ("credential_id"), CONSTRAINT "second_factor_passkey_check" CHECK ((kind = 'passkey') = (credential_id IS NOT NULL AND public_key IS NOT NULL)), CONSTRAINT "second_factor_secret_check" CHECK ((kind = 'totp') = (sealed_secret IS NOT NULL)), CONSTRAINT "second_factor_kind_check" CHECK (kind IN ('totp', 'passkey')), CONSTRAINT "second_factor_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "second_factor_sealing_key_id_idx" ON "second_factor"  ("sealing_key", "id") `);
    await runner.query(`CREATE INDEX "second_factor_user_id_id_idx" ON "second_factor"  ("user_id", "id") `);
    await runner.query(
      `CREATE TABLE "second_factor_recovery_code" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "user_id" bigint NOT NULL, "code_hash" character varying(43) NOT NULL, CONSTRAINT "second_factor_recovery_code_user_id_code_hash_key" UNIQUE ("user_id", "code_hash"), CONSTRAINT "second_factor_recovery_code_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE TABLE "second_factor_challenge" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "purpose" character varying(12) NOT NULL, "owner" character varying(60) NOT NULL, "token_hash" character varying(43) NOT NULL, "client_hash" character varying(43) NOT NULL, "user_id" bigint, "password_hash" character varying(43), "signed_text" character varying(64) NOT NULL, "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "second_factor_challenge_token_hash_key" UNIQUE ("token_hash"), CONSTRAINT "second_factor_challenge_purpose_check" CHECK (purpose IN ('step', 'passkey', 'registration', 'proof')), CONSTRAINT "second_factor_challenge_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE INDEX "second_factor_challenge_expires_at_idx" ON "second_factor_challenge"  ("expires_at") `,
    );
    await runner.query(
      `CREATE INDEX "second_factor_challenge_user_id_id_idx" ON "second_factor_challenge"  ("user_id", "id") `,
    );
    await runner.query(
      `CREATE INDEX "second_factor_challenge_owner_id_idx" ON "second_factor_challenge"  ("owner", "id") `,
    );
    await runner.query(
      `ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "second_factor_recovery_code" ADD CONSTRAINT "second_factor_recovery_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "second_factor_challenge" ADD CONSTRAINT "second_factor_challenge_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "second_factor_challenge" DROP CONSTRAINT "second_factor_challenge_user_id_fkey"`);
    await runner.query(
      `ALTER TABLE "second_factor_recovery_code" DROP CONSTRAINT "second_factor_recovery_code_user_id_fkey"`,
    );
    await runner.query(`ALTER TABLE "second_factor" DROP CONSTRAINT "second_factor_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."second_factor_challenge_owner_id_idx"`);
    await runner.query(`DROP INDEX "public"."second_factor_challenge_user_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."second_factor_challenge_expires_at_idx"`);
    await runner.query(`DROP TABLE "second_factor_challenge"`);
    await runner.query(`DROP TABLE "second_factor_recovery_code"`);
    await runner.query(`DROP INDEX "public"."second_factor_user_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."second_factor_sealing_key_id_idx"`);
    await runner.query(`DROP TABLE "second_factor"`);
  }
}
