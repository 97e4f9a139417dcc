import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateWebhook1795970562050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "webhook_event" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "message_id" character varying(36) NOT NULL, "type" character varying(100) NOT NULL, "payload" json NOT NULL, "user_id" bigint, CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE INDEX "webhook_event_user_id_idx" ON "webhook_event"  ("user_id") WHERE user_id IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX "webhook_event_created_at_idx" ON "webhook_event"  ("created_at") `);
    await runner.query(
      `CREATE TABLE "webhook" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "url" character varying(2048) NOT NULL, "events" text array NOT NULL, "secret" character varying(60) NOT NULL, "previous_secret" character varying(60), "previous_secret_ends_at" TIMESTAMP WITH TIME ZONE, "is_disabled" boolean NOT NULL DEFAULT false, "disabled_reason" character varying(7), "first_failed_at" TIMESTAMP WITH TIME ZONE, "last_failed_at" TIMESTAMP WITH TIME ZONE, "proven_at" TIMESTAMP WITH TIME ZONE, "created_by_user_id" bigint NOT NULL, CONSTRAINT "webhook_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "webhook_created_by_user_id_id_idx" ON "webhook"  ("created_by_user_id", "id") `);
    await runner.query(
      `CREATE TABLE "webhook_delivery" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "webhook_id" bigint NOT NULL, "event_id" bigint NOT NULL, "status" character varying(9) NOT NULL DEFAULT 'pending', "attempt_count" smallint NOT NULL DEFAULT '0', "attempts" jsonb NOT NULL DEFAULT '[]', "reason" character varying(30), "next_attempt_at" TIMESTAMP WITH TIME ZONE DEFAULT now(), "lease_ends_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE INDEX "webhook_delivery_webhook_id_idx" ON "webhook_delivery"  ("webhook_id") WHERE lease_ends_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX "webhook_delivery_webhook_id_next_attempt_at_id_idx" ON "webhook_delivery"  ("webhook_id", "next_attempt_at", "id") WHERE status = 'pending'`,
    );
    await runner.query(`CREATE INDEX "webhook_delivery_event_id_idx" ON "webhook_delivery"  ("event_id") `);
    await runner.query(
      `CREATE INDEX "webhook_delivery_webhook_id_status_id_idx" ON "webhook_delivery"  ("webhook_id", "status", "id") `,
    );
    await runner.query(
      `CREATE INDEX "webhook_delivery_webhook_id_id_idx" ON "webhook_delivery"  ("webhook_id", "id") `,
    );
    await runner.query(
      `ALTER TABLE "webhook_event" ADD CONSTRAINT "webhook_event_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "webhook" ADD CONSTRAINT "webhook_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "webhook_event"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "webhook_delivery" DROP CONSTRAINT "webhook_delivery_event_id_fkey"`);
    await runner.query(`ALTER TABLE "webhook_delivery" DROP CONSTRAINT "webhook_delivery_webhook_id_fkey"`);
    await runner.query(`ALTER TABLE "webhook" DROP CONSTRAINT "webhook_created_by_user_id_fkey"`);
    await runner.query(`ALTER TABLE "webhook_event" DROP CONSTRAINT "webhook_event_user_id_fkey"`);
    await runner.query(`DROP INDEX "public"."webhook_delivery_webhook_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."webhook_delivery_webhook_id_status_id_idx"`);
    await runner.query(`DROP INDEX "public"."webhook_delivery_event_id_idx"`);
    await runner.query(`DROP INDEX "public"."webhook_delivery_webhook_id_next_attempt_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."webhook_delivery_webhook_id_idx"`);
    await runner.query(`DROP TABLE "webhook_delivery"`);
    await runner.query(`DROP INDEX "public"."webhook_created_by_user_id_id_idx"`);
    await runner.query(`DROP TABLE "webhook"`);
    await runner.query(`DROP INDEX "public"."webhook_event_created_at_idx"`);
    await runner.query(`DROP INDEX "public"."webhook_event_user_id_idx"`);
    await runner.query(`DROP TABLE "webhook_event"`);
  }
}
