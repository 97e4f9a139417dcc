/**
 * `npm run test:containers`: builds the image, starts docker-compose.yml from a fresh clone, and uses and stops it as
 * operators do. Needs a Docker engine and Compose, installs nothing, and leaves nothing behind.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { backups } from '../test/containers/backups.mjs';
import { development } from '../test/containers/development.mjs';
import { imageIsSmall, nothingIsExposed, programsAreConfined, secretsStayOut } from '../test/containers/image.mjs';
import { releases } from '../test/containers/releases.mjs';
import { findCompose, Stack } from '../test/containers/stack.mjs';
import { stopsWhileWaiting, stopUnderLoad, workerStops } from '../test/containers/stops.mjs';
import { docsInStaging, hasData, mainJob, noDocs, superuser } from '../test/containers/use.mjs';
import { freePort } from './free-port.mjs';

const TESTS = join(import.meta.dirname, '../test');

const command = await findCompose();
if (!command) {
  process.stderr.write(
    'There is no Docker engine that answers, or no Compose: try docker info, docker compose version\n',
  );
  process.exit(1);
}
let passed = 0;
let failed = 0;
const stack = new Stack(command, await freePort());
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stack.remove().then(() => process.exit(1)));
try {
  await step('a clone gets its secrets', () => stack.clone());
  await step('the image is built', () => stack.compose('build'));
  await check('the image is small, and holds nothing that production does not need', imageIsSmall);
  await check('what is secret in the folder is sent to no builder', secretsStayOut);
  await step('up brings the system from nothing to ready', () => stack.up());
  await check('API and worker are healthy, have no rights and write nowhere', programsAreConfined);
  await check('the stores are published nowhere, and secrets are where they are needed', nothingIsExposed);
  await check('register, sign in, write, read, and have the worker run a task', mainJob);
  await check('the superuser is created once, and signs in', superuser);
  for (const domain of await domainChecks()) await check(domain.what, domain.check);
  await check('in production there are no docs', noDocs);
  await check('in staging superusers read the docs, from the same image', docsInStaging);
  await check('stop web under load loses no request', stopUnderLoad);
  await check('the worker stops by itself', workerStops);
  await check('a program that waits for its database can be stopped', stopsWhileWaiting);
  await check('a release whose migration fails leaves the one before serving, a good one replaces it', releases);
  await check('a backup that is brought back meets nothing that came after it', backups);
  await check('tests run in a container, and what develops in one follows a change', development);
  await stack.compose('down');
  await step('down and up keeps what was written', () => stack.up().then(() => hasData(stack)));
} catch {
  process.stdout.write('The rest cannot be tried.\n');
} finally {
  await stack.remove();
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

/** What domains do that depends on the image: test/<domain>/<domain>.containers.mjs. */
function domainChecks() {
  const files = readdirSync(TESTS, { recursive: true }).filter((file) => file.endsWith('.containers.mjs'));
  return Promise.all(files.toSorted().map((file) => import(pathToFileURL(join(TESTS, file)).href)));
}

/** The checks after this one do without it. */
async function check(name, act) {
  await step(name, () => act(stack)).catch(() => undefined);
}

async function step(name, act) {
  const begun = Date.now();
  try {
    await act();
    passed++;
    process.stdout.write(`ok ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    failed++;
    process.stdout.write(`FAILED ${name}\n${error.stack}\n`);
    throw error;
  }
}
