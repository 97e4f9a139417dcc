import { type ExecutionContext, SetMetadata } from '@nestjs/common';

export const GENERAL = 'general';
export const STRICT = 'strict';

const STRICT_LIMIT = 'strict limit';

/** Limits a route, or each route of a controller, by `AUTH_RATE_LIMIT_*` in place of the general limit. */
export const StrictLimit = () => SetMetadata(STRICT_LIMIT, true);

export function isStrict(context: ExecutionContext): boolean {
  const isMarked = (owner: object) => Reflect.getMetadata(STRICT_LIMIT, owner) === true;
  return isMarked(context.getHandler()) || isMarked(context.getClass());
}
