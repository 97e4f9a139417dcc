import { RequestMethod } from '@nestjs/common';
import { isPrecondition } from '../http/caching/preconditions.js';
import { argumentsOf, methodOf, type Route } from './routes.js';

/** Whether a route honours `If-Match`. Throws for a PATCH or DELETE route without it. */
export function isConditional(route: Route): boolean {
  const takesCondition = Object.values(argumentsOf(route)).some(isPrecondition);
  if (!takesCondition && [RequestMethod.PATCH, RequestMethod.DELETE].includes(methodOf(route))) {
    const { controller, handler } = route;
    throw new Error(`${controller.name}.${handler.name} has to take @IfMatch(), as every PATCH and DELETE does`);
  }
  return takesCondition;
}
