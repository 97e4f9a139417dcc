import type { FastifyReply, FastifyRequest } from 'fastify';

/** Limits what guards don't get to see; the folder of limits has the one there is. Both throw `TooManyRequests`. */
export interface Unguarded {
  /** Counts a request for its address, unless a guard has counted it. */
  count(request: FastifyRequest, reply: FastifyReply): void;
  /** Counts a try of a password. */
  countTry(what: string, address: string): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    unguarded: Unguarded;
  }
}
