import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SearchPosts1795918860000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "post" ADD "search_document" tsvector`);
    await runner.query(
      `CREATE TRIGGER "post_search_document" BEFORE INSERT OR UPDATE ON "post"
       FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("search_document", 'public.search_language', "title", "text")`,
    );
    // Written anew, so that the trigger sees it.
    await runner.query(`UPDATE "post" SET "title" = "title"`);
    await runner.query(`CREATE INDEX "post_search_document_idx" ON "post" USING gin ("search_document") `);
    await runner.query(`CREATE INDEX "post_title_id_idx" ON "post"  ("title", "id") `);
    await runner.query(
      `CREATE INDEX "post_created_by_user_id_title_id_idx" ON "post"  ("created_by_user_id", "title", "id") `,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."post_created_by_user_id_title_id_idx"`);
    await runner.query(`DROP INDEX "public"."post_title_id_idx"`);
    await runner.query(`DROP INDEX "public"."post_search_document_idx"`);
    await runner.query(`DROP TRIGGER "post_search_document" ON "post"`);
    await runner.query(`ALTER TABLE "post" DROP COLUMN "search_document"`);
  }
}
