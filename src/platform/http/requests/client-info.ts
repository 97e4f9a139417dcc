import { isUtf8 } from 'node:buffer';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressOf } from './client-address.js';

const USER_AGENT_LENGTH = 255;

/** Where a request comes from, for sessions and for the audit trail. */
export interface Client {
  /** The address behind the proxies that `TRUST_PROXY` names. */
  address: string;
  user_agent: string;
  request_id: string;
}

export function clientOf(request: FastifyRequest): Client {
  const user_agent = [...textOf(request.headers['user-agent'])].slice(0, USER_AGENT_LENGTH).join('');
  return { address: addressOf(request), user_agent, request_id: request.id };
}

/** Hands the client to a parameter of a route. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext) =>
  clientOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Node reads each byte of a header as a character, but clients send UTF-8. */
function textOf(header = ''): string {
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : header;
}
