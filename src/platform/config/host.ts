import { applyDecorators } from '@nestjs/common';
import { IsOptional, Matches } from 'class-validator';

/** A variable that names a host by name or address, or is left out. */
export function Host(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    Matches(/^([\w.-]+|[\da-f:]+)$/i, { message: ({ property }) => `${property} must be a host name or an address` }),
  );
}
