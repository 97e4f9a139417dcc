/** Every setting that a class takes, with its default. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { settingsClasses, variablesOf } from '../../src/platform/config/settings.js';

type Value = string | number | boolean | undefined;

const ROOT = join(__dirname, '../..');

export async function knownSettings(): Promise<Record<string, Value>> {
  for (const folder of ['src', 'test']) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.config.ts'))) await import(join(ROOT, folder, file));
  }
  const settings = settingsClasses().map((owner) => {
    const initial = new owner();
    return variablesOf(owner).map((name) => [name, Reflect.get(initial, name) as Value] as const);
  });
  return Object.fromEntries(settings.flat());
}
