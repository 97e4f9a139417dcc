import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSocialSignIn1795995270237 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "social_link" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "user_id" bigint NOT NULL, "provider" character varying(20) NOT NULL, "issuer" character varying(255) NOT NULL, "subject" character varying(255) NOT NULL, CONSTRAINT "social_link_user_id_provider_key" UNIQUE ("user_id", "provider"), CONSTRAINT "social_link_issuer_subject_key" UNIQUE ("issuer", "subject"), CONSTRAINT "social_link_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "social_link_user_id_id_idx" ON "social_link"  ("user_id", "id") `);
    await runner.query(
      `CREATE TABLE "social_attempt" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "attempt_hash" character varying(43) NOT NULL, "provider" character varying(20) NOT NULL, "redirect_to" character varying(2048) NOT NULL, "session_id" bigint, CONSTRAINT "social_attempt_attempt_hash_key" UNIQUE ("attempt_hash"), CONSTRAINT "social_attempt_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "social_attempt_session_id_idx" ON "social_attempt"  ("session_id") `);
    await runner.query(`CREATE INDEX "social_attempt_created_at_idx" ON "social_attempt"  ("created_at") `);
    await runner.query(
      `ALTER TABLE "social_link" ADD CONSTRAINT "social_link_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "social_attempt" ADD CONSTRAINT "social_attempt_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "auth_session"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "social_attempt" DROP CONSTRAINT "social_attempt_session_id_fkey"`);
    await runner.query(`ALTER TABLE "social_link" DROP CONSTRAINT "social_link_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."social_attempt_created_at_idx"`);
    await runner.query(`DROP INDEX "public"."social_attempt_session_id_idx"`);
    await runner.query(`DROP TABLE "social_attempt"`);
    await runner.query(`DROP INDEX "public"."social_link_user_id_id_idx"`);
    await runner.query(`DROP TABLE "social_link"`);
  }
}
