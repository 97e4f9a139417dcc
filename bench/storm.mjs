/**
 * `node scripts/with-database.mjs bench/storm.mjs`: 100 sign-ins at once at the default cost of a hash, and how long
 * reads that need no database wait meanwhile, as a measure of the event loop's delay. Three storms, milliseconds.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

const SIGN_INS = 100;
const env = {
  PATH: process.env.PATH,
  ENVIRONMENT: 'staging',
  PORT: '0',
  POSTGRES_URL: process.env.POSTGRES_URL,
  SECRET_KEY: randomBytes(32).toString('hex'),
  FRONTEND_URL: 'https://app.example.com',
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'no-reply@example.com',
  DEFAULT_RATE_LIMIT_LIMIT: '0',
  AUTH_RATE_LIMIT_LIMIT: '0',
  TRUST_PROXY: '127.0.0.1',
};
const child = spawn(process.execPath, ['dist/src/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
const { listening: url } = await new Promise((done) => child.once('message', done));
for (let storm = 1; storm <= 3; storm++) {
  const waits = [];
  const logins = Promise.all(Array.from({ length: SIGN_INS }, (_, index) => login(`storm${storm}user${index}`, index)));
  const state = { isOver: false };
  void logins.finally(() => (state.isOver = true));
  while (!state.isOver) {
    const begun = performance.now();
    await (await fetch(`${url}/nothing`)).arrayBuffer();
    waits.push(performance.now() - begun);
  }
  const statuses = (await logins).map(({ status }) => status);
  const count = (status) => statuses.filter((one) => one === status).length;
  waits.sort((a, b) => a - b);
  const at = (part) => waits[Math.floor((waits.length - 1) * part)].toFixed(1);
  process.stdout.write(
    `${waits.length} reads: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}; sign-ins: ${count(401)} wrong, ${count(503)} too busy\n`,
  );
}
child.disconnect();

function login(username, index) {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': `10.1.${index % 250}.7` };
  const body = JSON.stringify({ username, password: 'not the password' });
  return fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body });
}
