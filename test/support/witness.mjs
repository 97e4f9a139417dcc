/**
 * An innocent client, in a process of its own so that it measures the API and not the suite: four times a second it reads
 * from memory and from the database, signs in, and queues a task. On `stop` it sends what it has seen.
 */
import { request } from 'node:http';

const ROUND_MILLISECONDS = 250;
const LATEST_MILLISECONDS = 10_000;
const TICK_MILLISECONDS = 10;

const { url, username, password, token, address } = JSON.parse(process.argv[2]);
const seen = [];
let sent = 0;

function ask(what, method, path, { body, headers, from = address } = {}) {
  const at = Date.now();
  const begun = performance.now();
  const payload = body && JSON.stringify(body);
  const done = (status) => seen.push({ what, status, at, ms: Math.round(performance.now() - begun) });
  const all = { ...headers, ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }) };
  const asked = request(
    `${url}/api/v1${path}`,
    { method, headers: all, localAddress: from, agent: false },
    (answer) => {
      answer.resume();
      answer.once('end', () => done(answer.statusCode));
    },
  );
  asked.setTimeout(LATEST_MILLISECONDS, () => asked.destroy(new Error('not answered')));
  asked.once('error', (error) => done(error.code ?? error.message)).end(payload);
}

const timer = setInterval(() => {
  sent++;
  const headers = { authorization: `Bearer ${token}` };
  ask('read from memory', 'GET', '/users?items_per_page=1');
  ask('read from the database', 'GET', '/users/me', { headers });
  // From another address each time, as the strict limit counts addresses.
  const from = `127.9.${sent >> 8}.${1 + (sent & 127)}`;
  ask('sign in', 'POST', '/auth/login', { body: { username, password }, from });
  ask('queue a task', 'POST', '/tasks', {
    body: { name: 'sample', payload: { message: 'witness', seconds: 0 } },
    headers,
  });
}, ROUND_MILLISECONDS);

process.once('message', () => {
  clearInterval(timer);
  const waiting = setInterval(() => {
    if (seen.length < 4 * sent) return;
    clearInterval(waiting);
    process.send(seen, () => process.exit(0));
  }, TICK_MILLISECONDS);
});
process.once('disconnect', () => process.exit(0));
