import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { databaseProblem } from './database-problem.js';
import {
  BodyTooLarge,
  MalformedRequest,
  MethodNotAllowed,
  RouteNotFound,
  UnsupportedMediaType,
  ValidationFailed,
} from './http.errors.js';
import { type Problem, PROBLEM_JSON } from './problem.js';

const RETRY_AFTER_SECONDS = 5;

/** Turns whatever is thrown into problem details (RFC 9457); what nobody foresaw is logged here, once, and hidden. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = known(thrown);
    if (error === undefined || error.getStatus() >= 500) request.log.error({ err: thrown }, 'request failed');
    const problem = describe(error, request);
    if (problem.status === 401) reply.header('www-authenticate', challenge(request));
    if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (error instanceof MethodNotAllowed) reply.header('allow', error.allowed.join(', '));
    void reply.status(problem.status).header('cache-control', 'no-store').type(PROBLEM_JSON).send(problem);
  }
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
    ...(error instanceof ValidationFailed && { errors: error.errors }),
  };
}

/** The HTTP exception that an error stands for, or undefined when it is a bug. */
function known(thrown: unknown): HttpException | undefined {
  if (thrown instanceof HttpException) {
    // Nest's own "Cannot GET /path" has no code of a domain.
    return thrown instanceof NotFoundException && !thrown.errorCode ? new RouteNotFound() : thrown;
  }
  return databaseProblem(thrown) ?? pluginProblem(thrown);
}

/** Fastify and its plugins throw plain errors that carry a `statusCode`. */
function pluginProblem(thrown: unknown): HttpException | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  if (status === 413) return new BodyTooLarge();
  if (status === 415) return new UnsupportedMediaType();
  if (status === 400) return new MalformedRequest();
  if (status === 404) return new RouteNotFound();
  return new HttpException((thrown as Error).message, status, { errorCode: 'request_refused' });
}

/** RFC 6750: the reason is only given to those who sent a token. */
function challenge(request: FastifyRequest): string {
  return request.headers.authorization ? 'Bearer error="invalid_token"' : 'Bearer';
}
