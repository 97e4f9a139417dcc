/** The baseline for cached reads: bare Fastify that sends the bytes it is given, whatever the path. */
import Fastify from 'fastify';

const fastify = Fastify();
fastify.get('/*', (_request, reply) => {
  reply.type('application/json; charset=utf-8').send(process.env.BODY);
});
process.send({ listening: await fastify.listen({ port: 0, host: '127.0.0.1' }) });
process.once('disconnect', () => process.exit());
