import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Client, clientOf } from '../requests/client-info.js';
import type { AnyRequest, Device } from './caller.js';

/** A request that may open a session, and the reply that hands it over. */
export interface Exchange {
  request: AnyRequest;
  reply: FastifyReply;
  client: Client;
  /** The device, as each user knows it who has signed in there. */
  devices: Device[];
}

/** Hands it to a parameter of a route, whose answer is sent as usual. */
export const CurrentExchange = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  const request = http.getRequest<AnyRequest>();
  return {
    request,
    reply: http.getResponse<FastifyReply>(),
    client: clientOf(request),
    devices: request.devices ?? [],
  };
});
