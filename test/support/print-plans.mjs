/**
 * Plans what `npm run generate` would write, one command after the other, without writing: Jest cannot load ECMAScript
 * modules. Reads lists of commands as JSON, and prints by list what there is then, or why the last one was refused.
 */
import { parseArgs } from 'node:util';
import { pretty } from '../../scripts/pretty.mjs';
import { sourcesIn } from '../../tools/schematics/existing/sources.mjs';
import { planField } from '../../tools/schematics/field/plan.mjs';
import { plan } from '../../tools/schematics/plan.mjs';
import { requestOf } from '../../tools/schematics/request.mjs';
import { planTask } from '../../tools/schematics/task.mjs';

const PLANS = { domain: plan, field: planField, task: planTask };
const there = sourcesIn(['src', 'test']);
const formatted = new Map();

/** Most files are the same in many plans. */
async function once(path, text) {
  const known = formatted.get(text) ?? (await pretty(path, text));
  formatted.set(text, known);
  return known;
}

async function planned(commands) {
  const files = {};
  const lines = [];
  for (const [command, ...args] of commands.map((one) => one.split(' ').filter(Boolean))) {
    const [request] = requestOf(command, args, parseArgs);
    const found = PLANS[command](request, new Map([...there, ...Object.entries(files)]));
    for (const [path, text] of found.files) files[path] = await once(path, text);
    lines.push(...(found.insertions ?? []).map(({ path, line }) => `${path}: ${line.trim()}`));
  }
  return { files, lines };
}

const all = [];
for (const commands of JSON.parse(process.argv[2])) {
  all.push(await planned(commands).catch((error) => ({ refused: error.message, files: {}, lines: [] })));
}
process.stdout.write(JSON.stringify(all));
