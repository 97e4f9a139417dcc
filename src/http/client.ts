import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const USER_AGENT_LENGTH = 255;
/** The longest that an IPv6 address can be. */
export const ADDRESS_LENGTH = 45;

/** Where a request comes from, for sessions and for the audit trail. */
export interface Client {
  /** The address behind the proxies that `TRUST_PROXY` names. */
  address: string;
  user_agent: string;
  request_id: string;
}

export function clientOf(request: FastifyRequest): Client {
  const user_agent = (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH);
  return { address: request.ip.slice(0, ADDRESS_LENGTH), user_agent, request_id: request.id };
}

/** Hands the client to a parameter of a route. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext) =>
  clientOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
