/** The version of a resource that a client has seen before changing it (RFC 9110, 13), for every PATCH and DELETE. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StaleEntityTag } from '../problems/http.errors.js';
import { serialiseAsRead } from '../responses/response-filter.js';
import { entityTag, matches } from './entity-tag.js';

/**
 * Throws `StaleEntityTag` unless the client has seen the resource as it is. Call it where nothing can change the
 * resource until the transaction is over: with a row that is locked, or after the change, which is then rolled back.
 * @param current what a GET of the same path answers now, or its entity tag if that is a file; undefined where it takes
 *   no GET, so that only `*` holds
 */
export type Precondition = (current: object | string | undefined) => void;

/** Passes the client's preconditions to a handler; undefined if there are none. */
export const IfMatch = createParamDecorator(preconditionOf);

/** Whether a parameter of a handler, as Nest describes it, is the precondition. */
export function isPrecondition({ factory }: { factory?: unknown }): boolean {
  return factory === preconditionOf;
}

/** Resources have no modification dates, so `If-Unmodified-Since` is ignored (RFC 9110, 13.1.4). */
function preconditionOf(_: unknown, context: ExecutionContext): Precondition | undefined {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { 'if-match': wanted, 'if-none-match': unwanted } = request.headers;
  if (wanted === undefined && unwanted === undefined) return undefined;
  const reply = context.switchToHttp().getResponse<FastifyReply>();
  return (current) => {
    const tag = typeof current === 'object' ? entityTag(serialiseAsRead(request, reply, current)) : current;
    if (wanted !== undefined && !matches(wanted, tag, { isWeak: false })) throw new StaleEntityTag();
    if (unwanted !== undefined && matches(unwanted, tag, { isWeak: true })) throw new StaleEntityTag();
  };
}
