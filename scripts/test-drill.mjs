/**
 * `npm run test:drill`: generates domains of several shapes in a clone of the last commit, adds a field and a task, runs
 * there the static checks, their tests and those of all routes, and removes them again, which must leave nothing in the
 * tree and in the schema. Two shapes, of which one grows; with `--all`, every one.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from './embedded-postgres.mjs';
import { inClone } from './throw-away-clone.mjs';

const SHAPES = {
  notes: 'title:text:1..80 body:text:optional --owner user',
  stations:
    'code:integer:0..99999:unique elevation:decimal:7.2:optional opened_date:day:unique contact:email:optional ' +
    '--cached --soft-delete --filter opened_date,code --sort elevation',
  gizmos: '',
  categories: 'name:text:1..40:unique',
  products:
    'name:text:1..80 description:text:optional price_cents:integer:0.. currency:enum:EUR/USD/GBP ' +
    'available_from_date:day:optional tags:text:1..30:list weight:decimal:8.3:optional category:ref:categories:optional ' +
    '--owner user --list cursor --filter currency,price_cents --sort price_cents --search name,description ' +
    '--cached --soft-delete --admin',
  'order-lines': 'amount:integer:1..1000 product:ref:products --owner user --list cursor',
  criteria: 'text:text:1..2000 weight:decimal:5.2 --cached --permission',
  octopodes: 'full_name:text email:email:unique website_url:url:optional --plural octopodes',
  visits: 'begins_at:instant ends_at:instant:optional on_date:day --owner user --soft-delete --admin',
  devices: 'serial:uuid:unique settings:json firmware:url is_active:boolean --owner user --admin --filter is_active',
  measurements: 'readings:integer:list levels:enum:low/high:list sources:uuid:list links:url:list --list cursor',
  articles:
    'title:text:1..100 slug:text:8..60:unique status:enum:draft/public/old --owner user --cached ' +
    '--filter status --sort title --search title --permission',
  reviews: 'stars:integer:1..5 text:text:1..10000 station:ref:stations --owner user --cached --soft-delete --admin',
  invoices:
    'note:text:optional paid_cents:integer:optional rate:decimal:optional is_sent:boolean:optional ' +
    'status:enum:open/paid:optional due_date:day:optional sent_at:instant:optional link:url:optional ' +
    'contact:email:optional reference:uuid:optional extra:json:optional station:ref:stations:optional ' +
    'lines:text:list:optional --owner user',
  'price-lists': 'category:ref:categories valid_from_date:day total:integer:0..9007199254740991 --soft-delete --cached',
};
// What suites have to fill in, so that they change as well.
const FIELD = 'remark:text:8..80:unique';
const CHECKS = ['format:check', 'lint', 'typecheck', 'imports', 'unused', 'openapi:lint'];
// Suites that hold all routes, and the schema.
const SUITES = ['platform/database/schema', 'platform/docs'];
const MORE = ['platform/http/bad', 'platform/http/routes'];
const OPERATIONS = ['cache/memory', 'database/statements', 'docs/undeclared', 'http/permissions'];
const MORE_OPERATIONS = ['http/bad', 'http/fuzz', 'tasks/postgres'];

// Of every table: its columns, constraints, indexes and triggers.
const SCHEMA = `
  SELECT c.relname AS of, format('%s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull, attidentity) AS what
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
   WHERE c.relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT name, 'migration' FROM migration
   ORDER BY 1, 2`;

const isWhole = process.argv.includes('--all');
const names = Object.keys(SHAPES).slice(0, isWhole ? undefined : 2);
const suites = [...names.map((name) => `${name}/`), ...SUITES, ...(isWhole ? MORE : [])].map((one) => `test/${one}`);
const operations = [...OPERATIONS, ...(isWhole ? MORE_OPERATIONS : [])].map((one) => `test/operations/${one}`);
const home = mkdtempSync(join(tmpdir(), 'api-drill-'));
chmodSync(home, 0o755);
const postgres = await startPostgres(join(home, 'postgres'), { password: 'drill', flags: ['fsync=off'] });
process.env.POSTGRES_URL = postgres.url;
const failed = await inClone(drill).catch(({ message }) => message);
await postgres.stop();
rmSync(home, { recursive: true });
process.stdout.write(failed ? `The drill has failed: ${failed}\n` : `${names.length} domains came and went\n`);
process.exit(failed ? 1 : 0);

/** What has failed, if anything. */
async function drill(run, folder) {
  const must = (...args) => {
    process.stdout.write(`== npm run ${args.join(' ')}\n`);
    if (!run('npm', 'run', '--silent', ...args)) throw new Error(`npm run ${args.join(' ')}`);
  };
  must('migration:run');
  const before = await schema();
  for (const name of names) {
    must('generate', '--', 'domain', name, ...SHAPES[name].split(' ').filter(Boolean));
    if (isWhole || name === names[0]) {
      must('generate', '--', 'field', name, FIELD);
      must('generate', '--', 'task', name, `count-${name}`);
    }
  }
  for (const check of CHECKS) must(check);
  delete process.env.POSTGRES_URL;
  must('test', '--', ...suites);
  must('test:operations', '--', ...operations);
  process.env.POSTGRES_URL = postgres.url;
  for (const name of names.toReversed()) must('remove', '--', name, '--force');
  const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' });
  if (stdout) throw new Error(`this is left:\n${stdout}`);
  if ((await schema()) !== before) throw new Error('the schema is not what it was');
}

async function schema() {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query(SCHEMA);
  await client.end();
  return JSON.stringify(rows);
}
