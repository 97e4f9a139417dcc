/**
 * Reads a `.env` file by rules that Node, Docker Compose and shells agree on, where Node's own parser loses lines in
 * silence. Imports nothing: scripts use it before packages are loaded.
 */
import { existsSync, readFileSync } from 'node:fs';

export interface EnvFile {
  /** What it sets, by name. */
  values: Record<string, string>;
  /** One line for each line of the file that cannot be what somebody meant. Never with a value. */
  problems: string[];
}

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/;
const QUOTED = /^(["'`])((?:(?!\1).)*)\1\s*(?:#.*)?$/;
const BEGINS_QUOTED = /^["'`]/;
const COMMENT = /(?:^|\s+)#.*$/;
const CONTROL = /[\p{Cc}\u2028\u2029\ufeff]/u;

/** Whether a text has what nobody types, such as the line end of another system. */
export function hasControlCharacters(text: string): boolean {
  return CONTROL.test(text);
}

/** The file of that path; one that is not there sets nothing. */
export function readEnvFile(path = '.env'): EnvFile {
  if (!existsSync(path)) return { values: {}, problems: [] };
  try {
    return parseEnvFile(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)), path);
  } catch (error) {
    const isText = !(error instanceof TypeError);
    return { values: {}, problems: [isText ? `${path}: ${(error as Error).message}` : `${path}: is not UTF-8`] };
  }
}

/** Lines that set a name, comments, and lines of blanks; everything else is a problem. */
export function parseEnvFile(text: string, path = '.env'): EnvFile {
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const tell = (what: string) => problems.push(`${path}, line ${index + 1}: ${what}`);
    const [, name, written] = hasControlCharacters(content.replaceAll('\t', ' '))
      ? []
      : (ASSIGNMENT.exec(content) ?? []);
    if (name === undefined) {
      tell('is not an assignment such as NAME=value');
      continue;
    }
    const value = valueOf(written!);
    if (value === undefined)
      tell(`${name} needs its quotes closed on the same line; a value with a # goes in single quotes`);
    else if (values.has(name)) tell(`${name} is already set further up`);
    else values.set(name, value);
  }
  return { values: Object.fromEntries(values), problems };
}

/** Undefined for what is read in different ways: quotes left open, a # that may begin a comment or not. */
function valueOf(written: string): string | undefined {
  const [, quote, quoted = ''] = QUOTED.exec(written) ?? [];
  if (quote !== undefined) return quote === '"' ? quoted.replaceAll('\\n', '\n') : quoted;
  if (BEGINS_QUOTED.test(written)) return undefined;
  const value = written.replace(COMMENT, '').trimEnd();
  return value.includes('#') || /^#\S/.test(written) ? undefined : value;
}

/** Sets what the file sets and the environment does not. */
export function loadEnvFile({ values }: EnvFile): void {
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
}
