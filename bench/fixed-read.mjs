/**
 * The API itself with one route more, `GET /api/v1/fixed`: a public read that does no I/O and answers the text that this
 * process is sent. It runs the same hooks as every route, but no guards: none of Nest's own routes can be faster.
 */
import { createApp } from '../dist/src/create-app.js';
import { createLog } from '../dist/src/process/log.js';

let answer = '';
process.on('message', (text) => (answer = text));

const app = await createApp(createLog('bench'));
app
  .getHttpAdapter()
  .getInstance()
  .get('/api/v1/fixed', { config: { isPublic: true } }, (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send(answer);
  });
await app.listen(0, '127.0.0.1');
process.send({ listening: await app.getUrl() });
process.once('disconnect', () => process.exit());
