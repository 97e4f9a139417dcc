/** The baseline: what one would write by hand for this one read, with Fastify and node-postgres and nothing else. */
import Fastify from 'fastify';
import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({ connectionString: process.env.POSTGRES_URL, max: 10 });

const READ_POST = {
  name: 'read_post',
  text: `SELECT p.id, p.title, p.text, p.media_url, p.created_by_user_id, p.created_at, p.updated_at
         FROM post p JOIN "user" u ON u.id = p.created_by_user_id
         WHERE p.id = $1 AND u.username = $2 AND NOT p.is_deleted AND NOT u.is_deleted`,
};

const fastify = Fastify();
fastify.get('/api/v1/users/:username/posts/:post_id', async (request, reply) => {
  const { username, post_id } = request.params;
  const { rows } = await pool.query({ ...READ_POST, values: [Number(post_id), username] });
  return rows[0] ?? reply.code(404).send();
});
process.send({ listening: await fastify.listen({ port: 0, host: '127.0.0.1' }) });
process.once('disconnect', () => process.exit());
