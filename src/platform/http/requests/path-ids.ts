import type { PipeTransform } from '@nestjs/common';

/** The id that a path segment names, or undefined when no row can have it. */
export function parseId(segment: string | undefined): number | undefined {
  const id = /^[1-9]\d{0,15}$/.test(segment ?? '') ? Number(segment) : Number.NaN;
  return Number.isSafeInteger(id) ? id : undefined;
}

/** Reads an id from the path; a malformed one names nothing, so it throws the domain's own "not found". */
export class IdOr implements PipeTransform<string, number> {
  constructor(private readonly notFound: new () => Error) {}

  transform(segment: string): number {
    const id = parseId(segment);
    if (id === undefined) throw new this.notFound();
    return id;
  }
}
