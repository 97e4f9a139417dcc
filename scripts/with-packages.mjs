/** Runs a script that needs packages, and installs what is missing first: `node scripts/with-packages.mjs <script> [...]`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
process.argv.splice(1, 1);
await import(pathToFileURL(resolve(process.argv[1])).href);
