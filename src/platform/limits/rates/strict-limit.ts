import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import { routeMetadata } from '../../http/access/route-metadata.js';

export const GENERAL = 'general';
export const STRICT = 'strict';

const STRICT_LIMIT = 'strict limit';

/**
 * Limits a route, or each route of a controller, by `AUTH_RATE_LIMIT_*` in place of the general limit.
 * @param whenSent only requests with this field in their body
 */
export const StrictLimit = ({ whenSent }: { whenSent?: string } = {}) => SetMetadata(STRICT_LIMIT, whenSent ?? true);

const markOf = routeMetadata<string | true>(STRICT_LIMIT);

export function isStrict(context: ExecutionContext): boolean {
  const mark = markOf(context);
  return typeof mark === 'string' ? isSent(mark, context) : mark === true;
}

function isSent(field: string, context: ExecutionContext): boolean {
  const { body } = context.switchToHttp().getRequest<{ body?: unknown }>();
  return typeof body === 'object' && body !== null && Object.hasOwn(body, field);
}
