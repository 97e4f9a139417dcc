import { ValidateBy } from 'class-validator';

/**
 * A rule of class-validator, with what clients that break it are told: "<field> must be <what>".
 * @param name tells the rules of a field apart
 */
export function MustBe(what: string, holds: (value: unknown) => boolean, name = 'type'): PropertyDecorator {
  return ValidateBy({
    name,
    validator: { validate: holds, defaultMessage: (field) => `${field?.property} must be ${what}` },
  });
}
