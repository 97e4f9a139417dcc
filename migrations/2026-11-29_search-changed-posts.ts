import type { MigrationInterface, QueryRunner } from 'typeorm';

const trigger = (events: string) =>
  `CREATE TRIGGER "post_search_document" BEFORE ${events} ON "post"
   FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("search_document", 'public.search_language', "title", "text")`;

/** Reading the words of a long text takes milliseconds: a write of other columns does without. */
export class SearchChangedPosts1795969963421 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER "post_search_document" ON "post"`);
    await runner.query(trigger('INSERT OR UPDATE OF "title", "text"'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER "post_search_document" ON "post"`);
    await runner.query(trigger('INSERT OR UPDATE'));
  }
}
