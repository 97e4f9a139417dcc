import type { FastifyInstance } from 'fastify';
import { isOwnHost } from '../../runtime/listen.js';
import { OtherHost } from '../problems/http.errors.js';

/** Refuses requests to a foreign host name if only this machine is served: see `isOwnHost`. */
export function refuseOtherHosts(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ headers: { host } }, _reply, done) => {
    done(isOwnHost(host) ? undefined : new OtherHost());
  });
}
