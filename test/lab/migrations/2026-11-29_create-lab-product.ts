import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLabProduct1795917600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "lab_category" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "name" character varying(40) NOT NULL, CONSTRAINT "lab_category_name_key" UNIQUE ("name"), CONSTRAINT "lab_category_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE TABLE "lab_product" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "is_deleted" boolean NOT NULL DEFAULT false, "deleted_at" TIMESTAMP WITH TIME ZONE, "sku" character varying(20) NOT NULL, "name" character varying(80) NOT NULL, "description" character varying(2000), "price_cents" integer NOT NULL, "currency" character varying(3) NOT NULL, "status" character varying(10) NOT NULL DEFAULT 'draft', "weight_kg" numeric(10,3), "stock" integer NOT NULL DEFAULT '0', "is_featured" boolean NOT NULL DEFAULT false, "available_from_date" date, "reviewed_at" TIMESTAMP WITH TIME ZONE, "colors" text array NOT NULL DEFAULT '{}', "sizes_mm" integer array NOT NULL DEFAULT '{}', "dimensions" jsonb, "attributes" jsonb NOT NULL DEFAULT '{}', "support_email" character varying(254), "website_url" character varying(2048), "external_uuid" uuid, "category_id" bigint, "created_by_user_id" bigint NOT NULL, CONSTRAINT "lab_product_sku_key" UNIQUE ("sku"), CONSTRAINT "lab_product_stock_check" CHECK (stock >= 0), CONSTRAINT "lab_product_status_check" CHECK (status IN ('draft', 'active', 'retired')), CONSTRAINT "lab_product_currency_check" CHECK (currency IN ('EUR', 'GBP', 'USD')), CONSTRAINT "lab_product_pkey" PRIMARY KEY ("id"))`,
    );
    // TypeORM knows no index on an expression, and leaves it alone.
    await runner.query(`CREATE INDEX "lab_product_lower_idx" ON "lab_product" (lower("name"))`);
    await runner.query(`CREATE INDEX "lab_product_colors_idx" ON "lab_product" USING gin ("colors") `);
    await runner.query(`CREATE INDEX "lab_product_category_id_idx" ON "lab_product"  ("category_id") `);
    await runner.query(
      `CREATE INDEX "lab_product_created_by_user_id_id_idx" ON "lab_product"  ("created_by_user_id", "id") `,
    );
    await runner.query(
      `CREATE TABLE "lab_tag" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "name" character varying(40) NOT NULL, "synonyms" text array NOT NULL DEFAULT '{}', CONSTRAINT "lab_tag_name_key" UNIQUE ("name"), CONSTRAINT "lab_tag_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(
      `CREATE TABLE "lab_product_tag" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "product_id" bigint NOT NULL, "tag_id" bigint NOT NULL, CONSTRAINT "lab_product_tag_product_id_tag_id_key" UNIQUE ("product_id", "tag_id"), CONSTRAINT "lab_product_tag_pkey" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "lab_product_tag_tag_id_idx" ON "lab_product_tag"  ("tag_id") `);
    await runner.query(
      `ALTER TABLE "lab_product" ADD CONSTRAINT "lab_product_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "lab_category"("id") ON DELETE RESTRICT ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "lab_product" ADD CONSTRAINT "lab_product_created_by_user_id_fkey" FOREIGN KEY ("created_by_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "lab_product_tag" ADD CONSTRAINT "lab_product_tag_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "lab_product"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(
      `ALTER TABLE "lab_product_tag" ADD CONSTRAINT "lab_product_tag_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "lab_tag"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "lab_product_tag" DROP CONSTRAINT "lab_product_tag_tag_id_fkey"`);
    await runner.query(`ALTER TABLE "lab_product_tag" DROP CONSTRAINT "lab_product_tag_product_id_fkey"`);
    await runner.query(`ALTER TABLE "lab_product" DROP CONSTRAINT "lab_product_created_by_user_id_fkey"`);
    await runner.query(`ALTER TABLE "lab_product" DROP CONSTRAINT "lab_product_category_id_fkey"`);
    await runner.query(`DROP INDEX "public"."lab_product_tag_tag_id_idx"`);
    await runner.query(`DROP TABLE "lab_product_tag"`);
    await runner.query(`DROP TABLE "lab_tag"`);
    await runner.query(`DROP INDEX "public"."lab_product_created_by_user_id_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_category_id_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_colors_idx"`);
    await runner.query(`DROP INDEX "public"."lab_product_lower_idx"`);
    await runner.query(`DROP TABLE "lab_product"`);
    await runner.query(`DROP TABLE "lab_category"`);
  }
}
