import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateMail1795993898033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "mail" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "message_id" uuid NOT NULL, "template" character varying(100) NOT NULL, "recipient" character varying(254) NOT NULL, "subject" text NOT NULL, "text" text NOT NULL, "html" text NOT NULL, "attempt_count" smallint NOT NULL DEFAULT '0', "next_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "mail_message_id_key" UNIQUE ("message_id"), CONSTRAINT "mail_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "mail_next_attempt_at_id_idx" ON "mail"  ("next_attempt_at", "id") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."mail_next_attempt_at_id_idx"`);
    await runner.query(`DROP TABLE "mail"`);
  }
}
