/** The baseline for reads: what one would write by hand with Fastify and node-postgres and nothing else. */
import Fastify from 'fastify';
import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({ connectionString: process.env.POSTGRES_URL, max: 10 });

const COLUMNS = 'p.id, p.title, p.text, p.media_url, p.created_by_user_id, p.created_at, p.updated_at';
const VISIBLE = 'NOT p.is_deleted AND NOT u.is_deleted';

const READ_POST = {
  name: 'read_post',
  text: `SELECT ${COLUMNS} FROM post p JOIN "user" u ON u.id = p.created_by_user_id
         WHERE p.id = $1 AND u.username = $2 AND ${VISIBLE}`,
};

const LIST_POSTS = {
  name: 'list_posts',
  text: `SELECT ${COLUMNS}, json_build_object('id', u.id, 'name', u.name, 'username', u.username,
           'profile_image_url', u.profile_image_url) AS creator
         FROM post p JOIN "user" u ON u.id = p.created_by_user_id
         WHERE ${VISIBLE} ORDER BY p.id DESC LIMIT $1 OFFSET $2`,
};
const { rows: counted } = await pool.query('SELECT count(*) FROM post');

const fastify = Fastify();
fastify.get('/api/v1/users/:username/posts/:post_id', async (request, reply) => {
  const { username, post_id } = request.params;
  const { rows } = await pool.query({ ...READ_POST, values: [Number(post_id), username] });
  return rows[0] ?? reply.code(404).send();
});
fastify.get('/api/v1/posts', async (request) => {
  const page = Number(request.query.page ?? 1);
  const { rows } = await pool.query({ ...LIST_POSTS, values: [11, (page - 1) * 10] });
  const data = rows.slice(0, 10);
  return { data, total_count: counted[0].count, has_more: rows.length > 10, page, items_per_page: 10 };
});
process.send({ listening: await fastify.listen({ port: 0, host: '127.0.0.1' }) });
process.once('disconnect', () => process.exit());
