import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FilterProducts1795919040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "product" ADD "search_document" tsvector`);
    await runner.query(
      `CREATE TRIGGER "product_search_document" BEFORE INSERT OR UPDATE ON "product"
       FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("search_document", 'public.search_language', "name", "description")`,
    );
    await runner.query(`DROP INDEX "public"."product_category_id_idx"`);
    await runner.query(`CREATE INDEX "product_category_id_id_idx" ON "product"  ("category_id", "id") `);
    await runner.query(`CREATE INDEX "product_name_id_idx" ON "product"  ("name", "id") `);
    await runner.query(`CREATE INDEX "product_price_cents_id_idx" ON "product"  ("price_cents", "id") `);
    await runner.query(`CREATE INDEX "product_currency_id_idx" ON "product"  ("currency", "id") `);
    await runner.query(
      `CREATE INDEX "product_currency_price_cents_id_idx" ON "product"  ("currency", "price_cents", "id") `,
    );
    await runner.query(`CREATE INDEX "product_status_id_idx" ON "product"  ("status", "id") `);
    await runner.query(`CREATE INDEX "product_weight_kg_id_idx" ON "product"  ("weight_kg", "id") `);
    await runner.query(
      `CREATE INDEX "product_is_featured_id_idx" ON "product"  ("is_featured", "id") WHERE is_featured`,
    );
    await runner.query(
      `CREATE INDEX "product_available_from_date_id_idx" ON "product"  ("available_from_date", "id") `,
    );
    await runner.query(`CREATE INDEX "product_reviewed_at_id_idx" ON "product"  ("reviewed_at", "id") `);
    await runner.query(`CREATE INDEX "product_external_uuid_id_idx" ON "product"  ("external_uuid", "id") `);
    await runner.query(`CREATE INDEX "product_sizes_mm_idx" ON "product" USING gin ("sizes_mm") `);
    await runner.query(`CREATE INDEX "product_search_document_idx" ON "product" USING gin ("search_document") `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."product_search_document_idx"`);
    await runner.query(`DROP INDEX "public"."product_sizes_mm_idx"`);
    await runner.query(`DROP INDEX "public"."product_external_uuid_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_reviewed_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_available_from_date_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_is_featured_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_weight_kg_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_status_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_currency_price_cents_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_currency_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_price_cents_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_name_id_idx"`);
    await runner.query(`DROP INDEX "public"."product_category_id_id_idx"`);
    await runner.query(`CREATE INDEX "product_category_id_idx" ON "product"  ("category_id") `);
    await runner.query(`DROP TRIGGER "product_search_document" ON "product"`);
    await runner.query(`ALTER TABLE "product" DROP COLUMN "search_document"`);
  }
}
