import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FilterLabProducts1795919040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "lab_product" ADD "search_document" tsvector`);
    await runner.query(
      `CREATE TRIGGER "lab_product_search_document" BEFORE INSERT OR UPDATE ON "lab_product"
       FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("search_document", 'public.search_language', "name", "description")`,
    );
    await runner.query(`DROP INDEX "public"."lab_product_category_id_idx"`);
    await runner.query(`CREATE INDEX "lab_product_category_id_id_idx" ON "lab_product"  ("category_id", "id") `);
    await runner.query(`CREATE INDEX "lab_product_name_id_idx" ON "lab_product"  ("name", "id") `);
    await runner.query(`CREATE INDEX "lab_product_price_cents_id_idx" ON "lab_product"  ("price_cents", "id") `);
    await runner.query(`CREATE INDEX "lab_product_currency_id_idx" ON "lab_product"  ("currency", "id") `);
    await runner.query(
      `CREATE INDEX "lab_product_currency_price_cents_id_idx" ON "lab_product"  ("currency", "price_cents", "id") `,
    );
    await runner.query(`CREATE INDEX "lab_product_status_id_idx" ON "lab_product"  ("status", "id") `);
    await runner.query(`CREATE INDEX "lab_product_weight_kg_id_idx" ON "lab_product"  ("weight_kg", "id") `);
    await runner.query(
      `CREATE INDEX "lab_product_is_featured_id_idx" ON "lab_product"  ("is_featured", "id") WHERE is_featured`,
    );
    await runner.query(
      `CREATE INDEX "lab_product_available_from_date_id_idx" ON "lab_product"  ("available_from_date", "id") `,
    );
    await runner.query(`CREATE INDEX "lab_product_reviewed_at_id_idx" ON "lab_product"  ("reviewed_at", "id") `);
    await runner.query(`CREATE INDEX "lab_product_external_uuid_id_idx" ON "lab_product"  ("external_uuid", "id") `);
    await runner.query(`CREATE INDEX "lab_product_sizes_mm_idx" ON "lab_product" USING gin ("sizes_mm") `);
    await runner.query(
      `CREATE INDEX "lab_product_search_document_idx" ON "lab_product" USING gin ("search_document") `,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "public"."lab_product_search_document_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_sizes_mm_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_external_uuid_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_reviewed_at_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_available_from_date_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_is_featured_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_weight_kg_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_status_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_currency_price_cents_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_currency_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_price_cents_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_name_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_category_id_id_idx"`);
    await runner.query(`CREATE INDEX "lab_product_category_id_idx" ON "lab_product"  ("category_id") `);
    await runner.query(`DROP TRIGGER "lab_product_search_document" ON "lab_product"`);
    await runner.query(`ALTER TABLE "lab_product" DROP COLUMN "search_document"`);
  }
}
