/** Checks settings as every program does first, for one environment after another: takes and gives JSON. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

// Settings are read once, so each round loads the modules of the project anew, and none of the packages.
const HOOKS = `export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  const round = /[?]round=\\d+$/.exec(context.parentURL ?? '')?.[0];
  return round && found.url.includes('/dist/') ? { ...found, url: found.url + round } : found;
}`;
const CHECK = new URL('../../scripts/check-settings.mjs', import.meta.url).href;

class Exit extends Error {}

const folder = mkdtempSync(join(tmpdir(), 'api-settings-'));
const cases = JSON.parse(await text(process.stdin));
let said = '';
process.stderr.write = (part) => (said += part) !== '';
process.exit = () => {
  throw new Exit();
};
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
const outcomes = [];
for (const [index, one] of cases.entries()) outcomes.push(await check(one, index));
process.stdout.write(JSON.stringify(outcomes));

/** What a program would have ended with and written. */
async function check({ env, file = '' }, round) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  writeFileSync('.env', Buffer.from(file, 'base64'));
  said = '';
  try {
    const { allSettings } = await import(`${CHECK}?round=${round}`);
    (await allSettings()).refuseBadSettings();
    return { code: 0, output: said };
  } catch (error) {
    if (error instanceof Exit) return { code: 1, output: said };
    throw error;
  }
}
