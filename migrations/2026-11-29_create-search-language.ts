import type { MigrationInterface, QueryRunner } from 'typeorm';

/** After the migrations, `migrate` makes it that of `SEARCH_LANGUAGE`. */
export class CreateSearchLanguage1795918800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TEXT SEARCH CONFIGURATION "public"."search_language" (COPY = pg_catalog.english)`);
    await runner.query(`COMMENT ON TEXT SEARCH CONFIGURATION "public"."search_language" IS 'english'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TEXT SEARCH CONFIGURATION "public"."search_language"`);
  }
}
