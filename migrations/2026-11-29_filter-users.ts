import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FilterUsers1795918920000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "user" ADD "search_document" tsvector`);
    await runner.query(
      `CREATE TRIGGER "user_search_document" BEFORE INSERT OR UPDATE ON "user"
       FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("search_document", 'pg_catalog.simple', "name", "username")`,
    );
    // Written anew, so that the trigger sees it.
    await runner.query(`UPDATE "user" SET "name" = "name"`);
    await runner.query(`CREATE INDEX "user_search_document_idx" ON "user" USING gin ("search_document") `);
    await runner.query(`CREATE INDEX "user_created_at_id_idx" ON "user"  ("created_at", "id") `);
    await runner.query(`CREATE INDEX "user_is_superuser_id_idx" ON "user"  ("is_superuser", "id") WHERE is_superuser`);
    await runner.query(`CREATE INDEX "user_is_deleted_id_idx" ON "user"  ("is_deleted", "id") WHERE is_deleted`);
    await runner.query(
      `CREATE INDEX "user_deleted_at_id_idx" ON "user"  ("deleted_at", "id") WHERE deleted_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."user_deleted_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."user_is_deleted_id_idx"`);
    await runner.query(`DROP INDEX "public"."user_is_superuser_id_idx"`);
    await runner.query(`DROP INDEX "public"."user_created_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."user_search_document_idx"`);
    await runner.query(`DROP TRIGGER "user_search_document" ON "user"`);
    await runner.query(`ALTER TABLE "user" DROP COLUMN "search_document"`);
  }
}
