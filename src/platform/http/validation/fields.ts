/** Fields that are texts, and what any field can be: one decorator documents, validates and, where needed, converts. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, IsUrl, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { canonicalEmail, isVisible } from './emails.js';

// Letters, digits, punctuation and symbols, except fillers and the empty Braille pattern, which draw nothing.
const DRAWN = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
// Control characters, line separators, and characters that change the direction of text.
const MISLEADING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
// What of that can be said in every language: generators write out the characters of longer escapes.
const WITHOUT_CONTROLS = '^[^\\x00-\\x1f\\x7f-\\x9f]*$';
// The names of protocols have no case (RFC 3986, 3.1).
const WEB = /^[Hh][Tt][Tt][Pp][Ss]?:\/\//;

/**
 * A text of so many characters (code points, as PostgreSQL counts them).
 * @param counted the form of the text whose characters count
 */
export function Text(
  min: number,
  max: number,
  options: ApiPropertyOptions = {},
  counted: (text: string) => string = (text) => text,
): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'string' && hasLength(counted(value), min, max);
  return applyDecorators(
    ApiProperty({ minLength: min, maxLength: max, ...options }),
    ValidateBy({
      name: 'text',
      validator: {
        validate: holds,
        defaultMessage: (field) => `${field?.property} must be a text of ${min} to ${max} characters`,
      },
    }),
  );
}

/** A short text that identifies people, such as a name: it is visible, and nothing in it misleads. NFC. */
export function Label(min: number, max: number, options: ApiPropertyOptions = {}): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'string' && DRAWN.test(value) && !MISLEADING.test(value);
  return applyDecorators(
    Converted((text) => text.normalize('NFC')),
    Text(min, max, { pattern: WITHOUT_CONTROLS, ...options }),
    ValidateBy({
      name: 'label',
      validator: {
        validate: holds,
        defaultMessage: (field) =>
          `${field?.property} must have a visible character, and none that breaks lines or changes the direction of text`,
      },
    }),
  );
}

/** An e-mail address of at most 254 characters, in its canonical form. */
export function Email(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    Converted(canonicalEmail),
    Text(3, 254, { format: 'email', ...options }),
    IsEmail({}, { message: ({ property }) => `${property} must be an e-mail address` }),
    ValidateBy({
      name: 'visible',
      validator: {
        validate: (value) => typeof value === 'string' && isVisible(value),
        defaultMessage: (field) => `${field?.property} must not contain blanks or invisible characters`,
      },
    }),
  );
}

/** A password of so many characters in NFC, which is what is hashed; the text itself stays as it was sent. */
export function Password(min: number, max: number, options: ApiPropertyOptions = {}): PropertyDecorator {
  return Text(min, max, { format: 'password', ...options }, (text) => text.normalize('NFC'));
}

/** The password that the caller has, where there is one; when it is needed, the handler knows. */
export function CurrentPassword(neededFor: string): PropertyDecorator {
  const description = `Required ${neededFor}, unless the account has no password`;
  return applyDecorators(
    Optional(),
    Password(1, 128, { required: false, description, example: 'Analytical-Engine-1843' }),
  );
}

/** An absolute http or https address of at most 2,048 characters. */
export function WebAddress(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    Text(1, 2048, { format: 'uri', pattern: WEB.source, ...options }),
    Matches(WEB, { message: ({ property }) => `${property} must be an http or https address` }),
    IsUrl(
      { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true },
      { message: ({ property }) => `${property} must be an http or https address` },
    ),
  );
}

/** A field that may be left out. Null is a value like any other, and refused unless the field takes it. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A field that may be left out or null. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}

/** Lower-case letters and digits. */
export function LowerAlphanumeric(): PropertyDecorator {
  return Matches(/^[a-z0-9]+$/, {
    message: ({ property }) => `${property} must consist of lower-case letters a-z and digits`,
  });
}

/** Changes the text before it is validated. */
function Converted(convert: (text: string) => string): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? convert(value) : value));
}

function hasLength(text: string, min: number, max: number): boolean {
  // A code point is one or two UTF-16 units, so most texts are decided without counting.
  if (text.length < min || text.length > 2 * max) return false;
  const length = [...text].length;
  return length >= min && length <= max;
}
