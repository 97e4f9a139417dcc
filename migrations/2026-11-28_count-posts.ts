import type { MigrationInterface, QueryRunner } from 'typeorm';

const BYTES = `octet_length(title) + octet_length(text) + coalesce(octet_length(media_url), 0)`;

// Once a statement and user, so that purging a user of many posts stays quick. A purged user may have no row any more.
const COUNT = `
CREATE FUNCTION "post_usage_count"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO post_usage AS known (user_id, posts, bytes)
    SELECT created_by_user_id, count(*), sum(${BYTES}) FROM written GROUP BY created_by_user_id ORDER BY created_by_user_id
    ON CONFLICT (user_id) DO UPDATE SET posts = known.posts + excluded.posts, bytes = known.bytes + excluded.bytes;
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE post_usage SET bytes = post_usage.bytes + change.bytes
    FROM (
      SELECT created_by_user_id, sum(bytes) AS bytes FROM (
        SELECT created_by_user_id, ${BYTES} AS bytes FROM written
        UNION ALL SELECT created_by_user_id, -(${BYTES}) FROM gone
      ) AS both_of_them GROUP BY created_by_user_id HAVING sum(bytes) <> 0
    ) AS change WHERE user_id = change.created_by_user_id;
  ELSE
    UPDATE post_usage SET posts = post_usage.posts - change.posts, bytes = post_usage.bytes - change.bytes
    FROM (
      SELECT created_by_user_id, count(*) AS posts, sum(${BYTES}) AS bytes FROM gone GROUP BY created_by_user_id
    ) AS change WHERE user_id = change.created_by_user_id;
  END IF;
  RETURN NULL;
END $$`;

export class CountPosts1795894000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "post_usage" ("user_id" bigint NOT NULL, "posts" integer NOT NULL, "bytes" bigint NOT NULL, CONSTRAINT "post_usage_pkey" PRIMARY KEY ("user_id"))`,
    );
    await runner.query(
      `ALTER TABLE "post_usage" ADD CONSTRAINT "post_usage_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await runner.query(`CREATE INDEX "post_deleted_at_idx" ON "post"  ("deleted_at") WHERE deleted_at IS NOT NULL`);
    await runner.query(COUNT);
    await runner.query(`LOCK TABLE "post" IN SHARE ROW EXCLUSIVE MODE`);
    await runner.query(
      `INSERT INTO "post_usage" SELECT created_by_user_id, count(*), sum(${BYTES}) FROM "post" GROUP BY created_by_user_id`,
    );
    for (const [event, tables] of [
      ['INSERT', 'NEW TABLE AS written'],
      ['UPDATE', 'OLD TABLE AS gone NEW TABLE AS written'],
      ['DELETE', 'OLD TABLE AS gone'],
    ]) {
      await runner.query(
        `CREATE TRIGGER "post_usage_${event!.toLowerCase()}" AFTER ${event} ON "post" REFERENCING ${tables}
         FOR EACH STATEMENT EXECUTE FUNCTION "post_usage_count"()`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const event of ['insert', 'update', 'delete']) {
      await runner.query(`DROP TRIGGER "post_usage_${event}" ON "post"`);
    }
    await runner.query(`DROP FUNCTION "post_usage_count"()`);
    await runner.query(`DROP INDEX "public"."post_deleted_at_idx"`);
    await runner.query(`ALTER TABLE "post_usage" DROP CONSTRAINT "post_usage_user_id_fkey"`);
    await runner.query(`DROP TABLE "post_usage"`);
  }
}
