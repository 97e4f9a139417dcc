/** `npm run openapi` writes openapi.json, which clients are made from; with `--check` it only tells whether that is behind. */
import { FILE, isBehind, writeDocument } from './openapi/file.mjs';

if (!process.argv.includes('--check')) await writeDocument();
else if (isBehind()) {
  process.stderr.write(`${FILE} is behind the code: npm run openapi\n`);
  process.exit(1);
}
