/** Names that are good wherever they go: npm, images, and labels and namespaces of Kubernetes. */
import { builtinModules } from 'node:module';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_LENGTH = 50;
const TEXT_LENGTH = 100;
const RESERVED = new Set([...builtinModules, 'default', 'favicon', 'node']);
// Titles and descriptions stand unquoted in Markdown tables, an env file and a string of TypeScript.
const PLAIN_TEXT = /^[\p{L}\p{N}][\p{L}\p{N} .,+_-]*$/u;
const ONE_LINE = /^\P{C}+$/u;

/** What is wrong with a name, or undefined. */
export function nameProblem(name) {
  if (!NAME.test(name)) return 'A name has lower-case letters, digits and single hyphens, and begins with a letter';
  if (name.length > NAME_LENGTH) return `A name has at most ${NAME_LENGTH} characters`;
  if (RESERVED.has(name)) return `${name} is the name of something else: choose another one`;
  return undefined;
}

/** What is wrong with a title, a description or a holder, or undefined. */
export function textProblem(option, text) {
  const isGood = PLAIN_TEXT.test(text) || (option === 'holder' && ONE_LINE.test(text));
  if (isGood && text.length <= TEXT_LENGTH && text === text.trim()) return undefined;
  return `--${option} has at most ${TEXT_LENGTH} letters, digits, spaces and .,+_-, and begins with a letter or digit`;
}

/** my-api becomes My api. */
export function titleOf(name) {
  const words = name.replaceAll('-', ' ');
  return words[0].toUpperCase() + words.slice(1);
}
