/**
 * The baseline for reads: the cheapest that one would write by hand with Fastify and node-postgres, for just these reads.
 * Prepared statements, flat columns, and no total.
 */
import Fastify from 'fastify';
import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// With one plan for all runs, which for these is cheaper than one for each.
const options = '-c plan_cache_mode=force_generic_plan';
const pool = new pg.Pool({ connectionString: process.env.POSTGRES_URL, max: 10, options });

const COLUMNS = 'p.id, p.title, p.text, p.media_url, p.created_by_user_id, p.created_at, p.updated_at';
const VISIBLE = 'NOT p.is_deleted AND NOT u.is_deleted';

const READ_POST = {
  name: 'read_post',
  text: `SELECT ${COLUMNS} FROM post p JOIN "user" u ON u.id = p.created_by_user_id
         WHERE p.id = $1 AND u.username = $2 AND ${VISIBLE}`,
};

const READ_PROFILE = {
  name: 'read_profile',
  text: 'SELECT id, name, username, profile_image_url FROM "user" WHERE username = $1 AND NOT is_deleted',
};

const LIST_POSTS = {
  name: 'list_posts',
  text: `SELECT ${COLUMNS}, u.id AS creator_id, u.name, u.username, u.profile_image_url
         FROM post p JOIN "user" u ON u.id = p.created_by_user_id
         WHERE ${VISIBLE} ORDER BY p.id DESC LIMIT $1 OFFSET $2`,
};

const fastify = Fastify();
fastify.get('/api/v1/users/:username/posts/:post_id', async (request, reply) => {
  const { username, post_id } = request.params;
  const { rows } = await pool.query({ ...READ_POST, values: [Number(post_id), username] });
  return rows[0] ?? reply.code(404).send();
});
fastify.get('/api/v1/users/:username', async (request, reply) => {
  const { rows } = await pool.query({ ...READ_PROFILE, values: [request.params.username] });
  return rows[0] ?? reply.code(404).send();
});
fastify.get('/api/v1/posts', async (request) => {
  const page = Number(request.query.page ?? 1);
  const { rows } = await pool.query({ ...LIST_POSTS, values: [11, (page - 1) * 10] });
  const data = rows.slice(0, 10).map(withCreator);
  return { data, has_more: rows.length > 10, page, items_per_page: 10 };
});
process.send({ listening: await fastify.listen({ port: 0, host: '127.0.0.1' }) });
process.once('disconnect', () => process.exit());

function withCreator(row) {
  const { creator_id, name, username, profile_image_url, ...post } = row;
  return { ...post, creator: { id: creator_id, name, username, profile_image_url } };
}
