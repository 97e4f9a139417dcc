/** Refuses bad settings of any program, one line for each, before anything is started; loads little else, so it is quick. */
import { readdirSync } from 'node:fs';

const DIST = new URL('../dist/src/', import.meta.url);

/** The module that reads the settings, when it knows those of every program. */
export async function allSettings() {
  for (const file of readdirSync(DIST, { recursive: true })) {
    if (file.endsWith('.config.js')) await import(new URL(file, DIST).href);
  }
  return import(new URL('platform/config/settings.js', DIST).href);
}

if (import.meta.filename === process.argv[1]) (await allSettings()).refuseBadSettings();
