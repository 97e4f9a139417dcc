/** The fields that a domain keeps in others: the facts of its tests tell them, as `fields: { posts: ['comment_count'] }`. */
import { existsSync, readFileSync } from 'node:fs';
import { propertyOf, Source } from '../../tools/schematics/existing/syntax.mjs';
import { domains, sourcesIn } from './domain.mjs';

/** What these domains keep in those that stay, each as the other domain and the names of its fields. */
export function fieldsOf(chosen) {
  const told = chosen.flatMap(toldBy);
  return told.filter(({ other }) => domains().includes(other) && !chosen.includes(other));
}

function toldBy(domain) {
  const path = `test/${domain}/${domain}.facts.ts`;
  if (!existsSync(path)) return [];
  const facts = new Source(path, readFileSync(path, 'utf8')).variable('facts')?.value;
  const fields = (facts && propertyOf(facts, 'fields')?.properties) ?? [];
  return fields.map(({ name, initializer }) => ({
    other: name.text,
    names: initializer.elements.map(({ text }) => text),
  }));
}

/** The files of the other domain that have the fields. */
export const filesWith = ({ other }) => sourcesIn(`src/${other}`).map(([path]) => path);

/** A file without the properties of these names in its classes. */
export function withoutFields(text, { names }) {
  const source = new Source('', text);
  for (const { members } of source.classes()) {
    const gone = members.filter(({ name }) => names.includes(name?.text));
    for (const { pos, end } of gone) source.replace(pos, end, '');
  }
  return source.changed;
}
