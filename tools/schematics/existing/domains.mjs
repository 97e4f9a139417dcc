/** The domains that are there, and their files. */
import pluralize from 'pluralize';
import { wordsOf } from '../names.mjs';
import { Refusal } from '../refusal.mjs';
import { Source } from './syntax.mjs';

const ENTITY_FILE = /^src\/([^/]+)\/([^/]+)\.entity\.ts$/;

/**
 * What a domain is called that is there, by its singular or plural.
 * @param {(names: object, sources: Map<string, string>) => unknown} isFit
 * @param {string} what such a domain does, for the refusal
 */
export function namesIn(given, sources, isFit, what) {
  const all = [...sources.keys()].map((path) => ENTITY_FILE.exec(path)).filter(Boolean);
  const fit = all.map(([, plural, singular]) => wordsOf(singular, plural)).filter((names) => isFit(names, sources));
  const found = fit.find(({ plural }) => [given, pluralize.plural(given)].includes(plural));
  if (found) return found;
  const others = fit.map(({ plural }) => plural).join(', ') || 'none';
  throw new Refusal(`There is no domain ${given} that ${what}; these do: ${others}`);
}

export function sourceAt(path, sources) {
  const text = sources.get(path);
  if (text === undefined) throw new Refusal(`There is no ${path}: make the change by hand`);
  return new Source(path, text);
}
