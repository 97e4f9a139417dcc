import { SetMetadata } from '@nestjs/common';
import { type Mark, routeMark } from '../../http/access/route-metadata.js';

export const GENERAL = 'general';
export const STRICT = 'strict';

const STRICT_LIMIT = 'strict limit';

/**
 * Limits a route, or each route of a controller, by `AUTH_RATE_LIMIT_*` in place of the general limit.
 * @param whenSent only requests with this field in their body
 */
export const StrictLimit = ({ whenSent }: { whenSent?: string } = {}) =>
  SetMetadata(STRICT_LIMIT, (whenSent ?? true) satisfies Mark);

export const isStrict = routeMark(STRICT_LIMIT);
