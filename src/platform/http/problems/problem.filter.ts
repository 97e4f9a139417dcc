import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { audit } from '../../runtime/log/audit.js';
import { actorOf, type AnyRequest } from '../access/caller.js';
import { clientOf } from '../requests/client-info.js';
import { databaseProblem } from './database-problem.js';
import {
  BodyTooLarge,
  MalformedRequest,
  MethodNotAllowed,
  RouteNotFound,
  type TooManyRequests,
  UnsupportedContentEncoding,
  UnsupportedMediaType,
  ValidationFailed,
} from './http.errors.js';
import { FORM, JSON_TYPE, MULTIPART } from '../requests/media-types.js';
import { type Problem, PROBLEM_JSON, problemsAnswered } from './problem.js';
import { securityHeaders } from '../responses/security-headers.js';

const RETRY_AFTER_SECONDS = 5;
const DISCARDED_BYTES = 4 * 1024 * 1024;

/** Turns whatever is thrown into problem details (RFC 9457); unexpected errors are logged here, once, and hidden. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: Error, host: ArgumentsHost): void {
    sendProblem(
      thrown,
      host.switchToHttp().getRequest<FastifyRequest>(),
      host.switchToHttp().getResponse<FastifyReply>(),
    );
  }
}

/** Answers a request whose path Fastify's router could not read, and which no hook or filter sees. */
export function refuseUnreadablePath(
  request: FastifyRequest,
  reply: FastifyReply,
  logRefused: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  reply.headers({ ...securityHeaders(), 'x-request-id': request.id });
  // The router's own message repeats the URL, which may contain secrets.
  sendProblem(new MalformedRequest('The path is not valid.'), request, reply);
  logRefused(request, reply);
}

function sendProblem(thrown: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = counted(known(thrown, request), request, reply);
  if (error === undefined || error.getStatus() >= 500) request.log.error({ err: thrown }, 'request failed');
  const problem = describe(error, request);
  problemsAnswered.set(problem.code, (problemsAnswered.get(problem.code) ?? 0) + 1);
  if (problem.status === 401 && !reply.hasHeader('www-authenticate')) {
    reply.header('www-authenticate', challenge(request));
  }
  if (problem.status === 403) auditRefusal(problem, request);
  if (error && 'retryAfter' in error) reply.header('retry-after', error.retryAfter);
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  // A client that is cut off while it sends would not see the reason, so Node discards the rest of the body.
  const discarded = Math.max(DISCARDED_BYTES, 2 * (request.routeOptions.bodyLimit ?? 0));
  if (error instanceof BodyTooLarge && Number(request.headers['content-length']) <= discarded) {
    reply.removeHeader('connection');
  }
  if (error instanceof UnsupportedMediaType) reply.header('accept', acceptedBy(request));
  if (error instanceof UnsupportedContentEncoding) reply.header('accept-encoding', 'identity');
  if (error instanceof MethodNotAllowed) reply.header('allow', error.allowed.join(', '));
  void reply.status(problem.status).header('cache-control', 'no-store').type(PROBLEM_JSON).send(problem);
}

/** RFC 9110, 12.5.1. */
function acceptedBy({ routeOptions: { config } }: FastifyRequest): string {
  if (config?.file) return `${MULTIPART}, ${config.file.mediaType}`;
  return config?.acceptsForm ? `${JSON_TYPE}, ${FORM}` : JSON_TYPE;
}

function describe(error: HttpException | undefined, request: FastifyRequest): Problem {
  const status = error?.getStatus() ?? 500;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error?.message ?? 'Something went wrong on our side.',
    instance: request.url.split('?', 1)[0]!,
    code: error?.errorCode ?? 'internal_error',
    request_id: request.id,
    ...(error && 'errors' in error && { errors: (error as ValidationFailed).errors }),
    ...(error && 'members' in error && (error.members as object)),
  };
}

/** Requests that were refused before a guard could count them are counted here. */
function counted(error: HttpException | undefined, request: FastifyRequest, reply: FastifyReply): typeof error {
  if (error === undefined || error.getStatus() >= 500) return error;
  try {
    request.server.unguarded.count(request, reply);
    return error;
  } catch (refusal) {
    return refusal as TooManyRequests;
  }
}

/** The HTTP exception that an error stands for, or undefined when it is a bug. */
function known(thrown: Error, request: FastifyRequest): HttpException | undefined {
  if (thrown instanceof HttpException && thrown.errorCode) return thrown;
  // In this order: a client that hangs up causes a network error too, but not on the way to the database.
  return frameworkProblem(thrown, request) ?? databaseProblem(thrown);
}

/** Refusals by Nest, Fastify and its plugins have a status, but no code of ours. */
function frameworkProblem(
  thrown: Error & { statusCode?: number },
  { routeOptions }: FastifyRequest,
): HttpException | undefined {
  const status = thrown instanceof HttpException ? thrown.getStatus() : thrown.statusCode;
  if (status === undefined || status < 400 || status > 499) return undefined;
  const { message } = thrown;
  if (status === 400) return new MalformedRequest(message);
  if (status === 404) return new RouteNotFound();
  if (status === 413) return new BodyTooLarge(routeOptions.bodyLimit);
  if (status === 415) return new UnsupportedMediaType();
  return new HttpException(message, status, { errorCode: 'request_refused' });
}

/** RFC 6750: the reason is only given to those who sent a token. */
function challenge(request: FastifyRequest): string {
  return request.headers.authorization ? 'Bearer error="invalid_token"' : 'Bearer';
}

function auditRefusal({ code }: Problem, request: AnyRequest): void {
  const { address, request_id } = clientOf(request);
  const { method, routeOptions, user } = request;
  const route = routeOptions.url;
  audit('access_denied', { ...(user && actorOf(user)), address, request_id, method, route, code });
}
