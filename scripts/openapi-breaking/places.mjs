/** Places of two documents, side by side. */
import { RULES } from './rules.mjs';

/** What the rules of a kind of place say of one. */
export function broken(kind, was, is, way, label) {
  const said = Object.values(RULES[kind]).map((rule) => rule(was, is, way));
  return said.filter(Boolean).map((one) => `${label} ${one}`);
}

/** Each name that one of them has, with what both have by it. */
export function pairs(was = {}, is = {}) {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].map((name) => [name, was[name], is[name]]);
}
