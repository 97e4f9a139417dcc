/** Reads the environment, once, into one validated class per owner. Nothing else in the project reads `process.env`. */
import 'reflect-metadata';
import { getMetadataStorage, validateSync } from 'class-validator';
import { type EnvFile, hasControlCharacters, loadEnvFile, readEnvFile } from './env-file.js';
import { isCloseTo } from './did-you-mean.js';
import { namedValues, variablesFor } from './named-settings.js';

type Owner<T extends object = object> = new () => T;

/** A settings class may refuse combinations of values; each returned line names the variable and the remedy. */
export interface Checked {
  problems(): string[];
}

const owners = new Set<Owner>();
const settings = new Map<Owner, object>();

/**
 * Marks a class as settings. Each validated property takes the environment variable of the same name; its type
 * (number, boolean, string) says how the text is read, its initial value is the default, and an empty text means unset.
 */
export function Settings(): (owner: Owner) => void {
  return (owner) => {
    owners.add(owner);
  };
}

/** All settings classes that have been imported so far. */
export function settingsClasses(): Owner[] {
  return [...owners];
}

/** The names of the environment variables that a settings class takes. */
export function variablesOf(owner: Owner): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(owner, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

/** The settings of one class, read on first use. Values are only known to be good after `checkSettings()`. */
export function settingsOf<T extends object>(owner: Owner<T>): T {
  const known = settings.get(owner);
  if (known) return known as T;
  const fresh = read(owner);
  settings.set(owner, fresh);
  return fresh;
}

/**
 * One line for each line of `.env` that says nothing, and for each bad variable of every settings class: its name and
 * what it takes. Empty when all is well.
 */
export function checkSettings(): string[] {
  return [...envFile().problems, ...settingsClasses().flatMap(problemsOf)];
}

/** One line for each variable that is no setting, but nearly named like one. */
export function similarNames(): string[] {
  envFile();
  const known = settingsClasses().flatMap((owner) =>
    variablesOf(owner).flatMap((name) => [name, ...variablesFor(owner.prototype as object, name)]),
  );
  const others = Object.keys(process.env).filter((name) => !known.includes(name));
  return others.flatMap((name) => {
    const meant = known.find((setting) => isCloseTo(setting, name));
    return meant === undefined ? [] : [`${name} is not a setting: did you mean ${meant}?`];
  });
}

function problemsOf(owner: Owner): string[] {
  const values = settingsOf(owner);
  const unreadable = variablesOf(owner)
    .flatMap((name) => variablesFor(values, name))
    .filter((name) => hasControlCharacters(process.env[name] ?? ''));
  if (unreadable.length > 0) {
    return unreadable.map((name) => `${name}: must not contain control characters, such as the line ends of Windows`);
  }
  const broken = validateSync(values).map(
    ({ property, constraints = {} }) =>
      `${property}: ${Object.values(constraints)
        .map((message) => message.replace(`${property} `, ''))
        .join(', ')}`,
  );
  return broken.length === 0 && 'problems' in values ? (values as Checked).problems() : broken;
}

/** Stops the process with exit code 1 when a setting is bad, before anything is started. */
export function refuseBadSettings(): void {
  for (const line of similarNames()) process.stderr.write(`${line}\n`);
  const problems = checkSettings();
  if (problems.length === 0) return;
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

function read<T extends object>(owner: Owner<T>): T {
  envFile();
  const values = new owner();
  for (const name of variablesOf(owner)) {
    const named = namedValues(values, name);
    if (named) Reflect.set(values, name, named);
    const text = process.env[name];
    if (text !== undefined && text !== '') {
      Reflect.set(values, name, parse(text, typeOf(values, name)));
    }
  }
  return values;
}

let file: EnvFile | undefined;

/** Read once; what it sets is then in the environment. */
function envFile(): EnvFile {
  if (!file) loadEnvFile((file = readEnvFile()));
  return file;
}

/** The type of the default, or the declared one where there is none. */
function typeOf(values: object, name: string): unknown {
  const initial: unknown = Reflect.get(values, name);
  return initial === undefined ? Reflect.getMetadata('design:type', values, name) : (initial as object).constructor;
}

function parse(text: string, type: unknown): unknown {
  if (type === Number) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === Boolean) return { true: true, false: false }[text] ?? text;
  return text;
}
