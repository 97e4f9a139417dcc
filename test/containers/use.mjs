/** What people do with the system. */
import assert from 'node:assert/strict';
import { until } from './stack.mjs';

export const PREFIX = '/api/v1';
export const SIGN_IN = { username: 'ada', password: 'Analytical-Engine-1843' };
const ADA = { ...SIGN_IN, name: 'Ada Lovelace', email: 'ada@example.com' };
const READ = `
  const [url, authorization, ...paths] = process.argv.slice(2);
  const get = (path) => fetch(url + path, { headers: { authorization } }).catch(() => ({ status: 0 }));
  for (let tries = 0; tries < 150 && (await get('/docs')).status === 0; tries++) await new Promise((done) => setTimeout(done, 200));
  for (const path of paths) console.log((await get(path)).status);
  process.exit();`;
const DOCS = ['/docs', '/redoc', '/redoc/redoc.standalone.js', '/openapi.json', '/docs/swagger-ui-bundle.js'];

export async function mainJob(stack) {
  await stack.ask('POST', `${PREFIX}/users`, { body: ADA }, 201);
  const ada = await signIn(stack, SIGN_IN);
  assert.equal((await ada('GET', '/users', 200)).data[0].name, 'Ada Lovelace');
  await ada('PATCH', '/users/ada', 200, { name: 'Ada King' });
  assert.equal((await ada('GET', '/users', 200)).data[0].name, 'Ada King');
  const { id } = await ada('POST', '/tasks', 202, { name: 'sample', payload: { message: 'hello', seconds: 1 } });
  await until(async () => (await ada('GET', `/tasks/${id}`, 200)).status === 'completed', 20_000);
  assert.notEqual(await stack.within('redis-queue', 'redis-cli dbsize'), '0');
  assert.notEqual(await stack.within('redis-cache', 'redis-cli dbsize'), '0');
}

export async function superuser(stack) {
  const create = (...flags) => stack.compose('run', '--rm', ...flags, 'create_superuser');
  assert.match(await create(), /was created/);
  assert.match(await create('--no-deps'), /already exists/);
  const admin = await signIn(stack, { username: 'admin', password: stack.settings.ADMIN_PASSWORD });
  assert.equal((await admin('GET', '/admin/users', 200)).total_count, 2);
}

export async function hasData(stack) {
  const ada = await signIn(stack, SIGN_IN);
  assert.equal((await ada('GET', '/users/ada', 200)).name, 'Ada King');
  assert.equal((await ada('GET', '/tasks', 200)).data[0].status, 'completed');
}

/** What asks in a user's name. */
export async function signIn(stack, body) {
  const { access_token: token } = await stack.ask('POST', `${PREFIX}/auth/login`, { body }, 200);
  return (method, path, status, sent) => stack.ask(method, PREFIX + path, { body: sent, token }, status);
}

export async function noDocs(stack) {
  for (const path of [...DOCS, '/anything']) {
    const { status } = await fetch(stack.url + path);
    assert.equal(status, 404, path);
  }
  assert.equal((await fetch(`${stack.url}/metrics`)).status, 404);
}

/** What was cut out of the packages is nothing that the pages need. */
export async function docsInStaging(stack) {
  const name = `${stack.name}-staging`;
  await stack.compose('run', '-d', '--no-deps', '--name', name, '-e', 'ENVIRONMENT=staging', 'web');
  try {
    const basic = Buffer.from(`admin:${stack.settings.ADMIN_PASSWORD}`).toString('base64');
    const paths = [...DOCS, '/admin/queues', '/admin/queues/api/queues'];
    const statuses = await stack.beside(READ, `http://${name}:8000`, `Basic ${basic}`, ...paths);
    assert.deepEqual(statuses.split('\n'), Array(paths.length).fill('200'));
  } finally {
    await stack.docker('rm', '-f', '-v', name);
  }
}
