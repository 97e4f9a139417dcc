/** What is there already. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The texts of all sources in these folders, by path. */
export function sourcesIn(folders) {
  const paths = folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map((path) => join(folder, path)));
  const sources = paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && statSync(path).isFile());
  return new Map(sources.map((path) => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')]));
}
