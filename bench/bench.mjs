/**
 * `npm run bench`: the program as in production beside its baselines, in turns; prints medians and ratios of processor
 * time, and writes bench/results/. `npm run bench -- tasks`: queueing and running tasks; what else there is, is in the
 * folders of the domains. `--only <pattern>` measures reads of such names, and writes nothing.
 * Options: --rounds 3, --seconds 5, --connections 64, --rows 10000.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withDatabase } from './database.mjs';
import { report } from './report.mjs';
import { signIn } from './requests.mjs';
import { measureTasks } from './tasks.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: text('3'), seconds: text('5'), connections: text('64'), rows: text('10000'), only: text('') },
});
const { only, ...numbers } = values;
const options = { only, ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])) };
const modes = { tasks, ...(await modesOfDomains()) };
const mode = positionals[0] ?? 'reads';
if (!modes[mode]) throw new Error(`There is no bench ${mode}, only: ${Object.keys(modes).join(', ')}`);

await withDatabase(async (url) => {
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: 'production',
    PORT: '0',
    POSTGRES_URL: url,
    SECRET_KEY: randomBytes(32).toString('hex'),
    FRONTEND_URL: 'https://app.example.com',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'no-reply@example.com',
    // Every request is counted, none is refused.
    DEFAULT_RATE_LIMIT_LIMIT: '1000000000',
  };
  const results = await modes[mode](env, url, options);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  report(mode, { machine, options, results });
});

/** Tasks beside BullMQ alone. */
function tasks(env) {
  return measureTasks(env, options, signIn);
}

/** What is measured of the domains that there are. */
async function modesOfDomains() {
  const files = readdirSync(import.meta.dirname).map((name) => join(import.meta.dirname, name, 'bench.mjs'));
  const modules = await Promise.all(files.filter((file) => existsSync(file)).map((file) => import(file)));
  return Object.assign({}, ...modules.map(({ modes: some }) => some));
}
