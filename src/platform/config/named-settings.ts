/** Settings of which there may be any number: a name takes the place of one word, as in OIDC_GOOGLE_ISSUER of OIDC_NAME_ISSUER. */
import { applyDecorators } from '@nestjs/common';
import { IsObject, IsOptional } from 'class-validator';

const NAMED = 'settings:named';
const WORD = '_NAME_';

/** The values of a variable that is set once for each name, by those names as they are written. */
export type Named = Record<string, string>;

/** Lets a property with NAME in its own name take every variable that has something else in its place. */
export function EachNamed(): PropertyDecorator {
  return applyDecorators(IsOptional(), IsObject(), (target: object, property: string | symbol) => {
    Reflect.defineMetadata(NAMED, pattern(String(property)), target, property);
  });
}

/** The variables of the environment that a setting takes: its own, or one for each name. */
export function variablesFor(owner: object, setting: string): string[] {
  const named = patternOf(owner, setting);
  return named ? Object.keys(process.env).filter((name) => named.test(name)) : [setting];
}

/** What a setting takes by names; undefined for any other, or if nothing is set. */
export function namedValues(owner: object, setting: string): Named | undefined {
  const named = patternOf(owner, setting);
  if (!named) return undefined;
  const values = variablesFor(owner, setting).flatMap((variable) => {
    const value = process.env[variable];
    return value ? [[named.exec(variable)![1]!, value] as const] : [];
  });
  return values.length > 0 ? Object.fromEntries(values) : undefined;
}

function patternOf(owner: object, setting: string): RegExp | undefined {
  return Reflect.getMetadata(NAMED, owner, setting) as RegExp | undefined;
}

function pattern(setting: string): RegExp {
  return new RegExp(`^${setting.replace(WORD, '_(.+)_')}$`);
}
