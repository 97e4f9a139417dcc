/** Refuses bad settings of any program, one line for each, before anything is started; loads little else, so it is quick. */
import { readdirSync } from 'node:fs';
import { refuseBadSettings } from '../dist/src/config/settings.js';

const DIST = new URL('../dist/src/', import.meta.url);

for (const file of readdirSync(DIST, { recursive: true })) {
  if (file.endsWith('.config.js')) await import(new URL(file, DIST).href);
}
refuseBadSettings();
