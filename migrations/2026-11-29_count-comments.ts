import type { MigrationInterface, QueryRunner } from 'typeorm';

const VISIBLE = 'NOT (is_deleted OR is_hidden OR is_author_deleted)';

const LIST = `
CREATE FUNCTION "comment_list"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.is_listed := NEW.reply_count > 0
    OR NOT (NEW.is_deleted OR NEW.is_hidden OR NEW.is_author_deleted);
  RETURN NEW;
END $$`;

const WRITTEN = 'SELECT 1 AS sign, * FROM written';
const GONE = 'SELECT -1 AS sign, * FROM gone';

const USAGE = `
  SELECT created_by_user_id AS user_id, sum(sign)::int AS comments, sum(sign * coalesce(octet_length(text), 0)) AS bytes
  FROM change WHERE created_by_user_id IS NOT NULL GROUP BY created_by_user_id ORDER BY created_by_user_id`;
const NEW_USAGE = `
  INSERT INTO comment_usage AS known (user_id, comments, bytes) SELECT * FROM by_author
  ON CONFLICT (user_id) DO UPDATE SET comments = known.comments + excluded.comments, bytes = known.bytes + excluded.bytes`;
// A purged user may have no row any more.
const OTHER_USAGE = `
  UPDATE comment_usage AS known SET comments = known.comments + by_author.comments, bytes = known.bytes + by_author.bytes
  FROM by_author WHERE known.user_id = by_author.user_id AND (by_author.comments <> 0 OR by_author.bytes <> 0)`;

/** How each event changes the rows, and what authors use. */
const EVENTS = {
  insert: { tables: 'NEW TABLE AS written', change: WRITTEN, usage: NEW_USAGE },
  update: {
    tables: 'OLD TABLE AS gone NEW TABLE AS written',
    change: `${WRITTEN} UNION ALL ${GONE}`,
    usage: OTHER_USAGE,
  },
  delete: { tables: 'OLD TABLE AS gone', change: GONE, usage: OTHER_USAGE },
};

// Once a statement. Replies that are listed count for their parent, which may be listed itself then: the update of parents
// runs this again, one level higher, until no row changes.
const count = (event: string, { change, usage }: { change: string; usage: string }) => `
CREATE FUNCTION "comment_count_${event}"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ${event === 'delete' ? 'gone' : 'written'}) THEN RETURN NULL; END IF;
  UPDATE post SET comment_count = comment_count + by_post.comments FROM (
    SELECT post_id, sum(sign)::int AS comments FROM (${change}) AS change WHERE ${VISIBLE}
    GROUP BY post_id HAVING sum(sign) <> 0
  ) AS by_post WHERE post.id = by_post.post_id;
  UPDATE comment SET reply_count = reply_count + by_parent.replies FROM (
    SELECT parent_id, sum(sign)::int AS replies FROM (${change}) AS change WHERE is_listed AND parent_id IS NOT NULL
    GROUP BY parent_id HAVING sum(sign) <> 0
  ) AS by_parent WHERE comment.id = by_parent.parent_id;
  WITH change AS (${change}), by_author AS (${USAGE}) ${usage};
  RETURN NULL;
END $$`;

// Locks what the counts will change, in the order that all writers keep. What has no replies goes with its author.
const FOLLOW = `
CREATE FUNCTION "comment_follow_author"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM post WHERE id IN (SELECT post_id FROM comment WHERE created_by_user_id = OLD.id)
    ORDER BY id FOR NO KEY UPDATE;
  IF TG_OP = 'UPDATE' THEN
    UPDATE comment SET is_author_deleted = NEW.is_deleted WHERE created_by_user_id = OLD.id;
    RETURN NEW;
  END IF;
  DELETE FROM comment WHERE created_by_user_id = OLD.id
    AND NOT EXISTS (SELECT FROM comment reply WHERE reply.parent_id = comment.id);
  UPDATE comment SET created_by_user_id = NULL, text = NULL, is_deleted = true, deleted_at = coalesce(deleted_at, now())
    WHERE created_by_user_id = OLD.id;
  RETURN OLD;
END $$`;

const FOLLOWED = {
  deleted: 'AFTER UPDATE OF "is_deleted" ON "user" FOR EACH ROW WHEN (OLD.is_deleted <> NEW.is_deleted)',
  purged: 'BEFORE DELETE ON "user" FOR EACH ROW',
};

export class CountComments1795969963420 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LIST);
    await runner.query(
      `CREATE TRIGGER "comment_list" BEFORE INSERT OR UPDATE ON "comment" FOR EACH ROW EXECUTE FUNCTION "comment_list"()`,
    );
    for (const [event, how] of Object.entries(EVENTS)) {
      await runner.query(count(event, how));
      await runner.query(
        `CREATE TRIGGER "comment_count_${event}" AFTER ${event.toUpperCase()} ON "comment" REFERENCING ${how.tables}
         FOR EACH STATEMENT EXECUTE FUNCTION "comment_count_${event}"()`,
      );
    }
    await runner.query(FOLLOW);
    for (const [event, when] of Object.entries(FOLLOWED)) {
      await runner.query(`CREATE TRIGGER "comment_author_${event}" ${when} EXECUTE FUNCTION "comment_follow_author"()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const event of Object.keys(FOLLOWED)) await runner.query(`DROP TRIGGER "comment_author_${event}" ON "user"`);
    await runner.query(`DROP FUNCTION "comment_follow_author"()`);
    for (const event of Object.keys(EVENTS)) {
      await runner.query(`DROP TRIGGER "comment_count_${event}" ON "comment"`);
      await runner.query(`DROP FUNCTION "comment_count_${event}"()`);
    }
    await runner.query(`DROP TRIGGER "comment_list" ON "comment"`);
    await runner.query(`DROP FUNCTION "comment_list"()`);
  }
}
