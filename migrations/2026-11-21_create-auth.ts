import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuth1795263147929 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "auth_failure" ("key" character varying(128) NOT NULL, "failures" integer NOT NULL, "failed_at" TIMESTAMP WITH TIME ZONE NOT NULL, "unblocked_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "auth_failure_pkey" PRIMARY KEY ("key"))`,
    );
    await runner.query(`CREATE INDEX "auth_failure_failed_at_idx" ON "auth_failure"  ("failed_at") `);
    await runner.query(
      `CREATE TABLE "auth_session" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "user_id" bigint NOT NULL, "family_hash" character varying(43) NOT NULL, "token_hash" character varying(43) NOT NULL, "previous_token_hash" character varying(43), "sealed_token" character varying(64), "user_agent" character varying(255) NOT NULL, "ip" character varying(45) NOT NULL, "last_used_at" TIMESTAMP WITH TIME ZONE NOT NULL, "idle_expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL, "revoked_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "auth_session_family_hash_key" UNIQUE ("family_hash"), CONSTRAINT "auth_session_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "auth_session_user_id_id_idx" ON "auth_session"  ("user_id", "id") `);
    await runner.query(
      `ALTER TABLE "auth_session" ADD CONSTRAINT "auth_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "auth_session" DROP CONSTRAINT "auth_session_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."auth_session_user_id_id_idx"`);
    await runner.query(`DROP TABLE "auth_session"`);
    await runner.query(`DROP INDEX "public"."auth_failure_failed_at_idx"`);
    await runner.query(`DROP TABLE "auth_failure"`);
  }
}
