/**
 * `npm run openapi` writes openapi.json, which clients are made from, and docs/permissions.md; with `--check` it only tells
 * whether they are behind.
 */
import { behind, writeDocument } from './openapi/file.mjs';

if (!process.argv.includes('--check')) await writeDocument();
else {
  const files = await behind();
  for (const file of files) process.stderr.write(`${file} is behind the code: npm run openapi\n`);
  if (files.length > 0) process.exit(1);
}
