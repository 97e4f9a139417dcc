/** The errors that a route may answer with: what it says itself, and what follows from its guards and inputs. */
import { STATUS_CODES } from 'node:http';
import type { HttpException } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PageTooLarge, TooManyLargePages } from '../database/crud/pages.errors.js';
import { accessKeys } from '../http/access/access-keys.js';
import { addedProblems } from '../http/access/added-problems.js';
import {
  BodyTooComplex,
  BodyTooLarge,
  DatabaseUnavailable,
  MalformedRequest,
  StaleEntityTag,
  TooManyRequests,
  UnsupportedContentEncoding,
  UnsupportedMediaType,
  ValidationFailed,
} from '../http/problems/http.errors.js';
import { Problem, PROBLEM_JSON } from '../http/problems/problem.js';
import type { Permission } from '../http/access/permissions.js';
import type { ProblemClass } from '../http/responses/response-docs.js';
import { ReceivingTooMuch, TooMuchUnsent } from '../limits/bytes/receiving.errors.js';
import { SendingTooMuch, TooMuchUnread } from '../limits/bytes/sending.errors.js';
import {
  IdempotencyKeyInUse,
  IdempotencyKeyReused,
  TooManyIdempotencyKeys,
} from '../idempotency/idempotency.errors.js';
import { isConditional } from './conditional-requests.js';
import { isIdempotent } from './idempotent-requests.js';
import { fileOf, guardProblems, isPage, type Route, takesBody, takesQuery } from './routes.js';

/** What the docs need to know of the domain that signs users in. */
export interface SignInDocs {
  loginPath: string;
  notSignedIn: ProblemClass;
  superuserOnly: ProblemClass;
  permissionRequired: new (permission: Permission) => HttpException;
  sessionRequired: ProblemClass;
  freshProofRequired: ProblemClass;
}

const FILE_BODY_PROBLEMS = [MalformedRequest, BodyTooLarge, UnsupportedMediaType, UnsupportedContentEncoding];
const BODY_PROBLEMS = [...FILE_BODY_PROBLEMS, BodyTooComplex, ValidationFailed];
const KEY_PROBLEMS = [MalformedRequest, IdempotencyKeyInUse, IdempotencyKeyReused, TooManyIdempotencyKeys];
const LARGE_BODY_PROBLEMS = [TooMuchUnsent, ReceivingTooMuch];
const LARGE_ANSWER_PROBLEMS = [TooMuchUnread, SendingTooMuch];
const PAGE_PROBLEMS = [PageTooLarge, TooManyLargePages, ...LARGE_ANSWER_PROBLEMS];

/** One response for each status, with an example for each error. */
export function problemResponses(route: Route, signIn: SignInDocs): MethodDecorator[] {
  const byStatus = new Map<number, HttpException[]>();
  const { access } = route;
  const required = typeof access === 'object' ? [new signIn.permissionRequired(access.permission)] : [];
  for (const error of [...[...problemsOf(route, signIn)].map((problem) => new problem()), ...required]) {
    byStatus.set(error.getStatus(), [...(byStatus.get(error.getStatus()) ?? []), error]);
  }
  return [...byStatus].map(([status, errors]) => responseOf(status, errors));
}

function problemsOf(route: Route, signIn: SignInDocs): Set<ProblemClass> {
  return new Set<ProblemClass>([
    DatabaseUnavailable,
    TooManyRequests,
    ...(route.answer?.problems ?? []),
    ...guardProblems(route),
    ...(route.access === 'public' ? [] : [signIn.notSignedIn]),
    ...(route.access === 'superuser' ? [signIn.superuserOnly] : []),
    ...(route.needsSession && accessKeys().length > 0 ? [signIn.sessionRequired] : []),
    ...(route.freshProof ? [signIn.freshProofRequired] : []),
    ...(route.opensSessions ? addedProblems('sign-in') : []),
    ...restrictionsOf(route),
    ...(isConditional(route) ? [StaleEntityTag] : []),
    ...(isIdempotent(route) ? KEY_PROBLEMS : []),
    ...(takesQuery(route) ? [ValidationFailed] : []),
    ...(isPage(route) ? PAGE_PROBLEMS : []),
    ...(takesBody(route) ? BODY_PROBLEMS : []),
    ...(fileOf(route) ? [...FILE_BODY_PROBLEMS, ...LARGE_BODY_PROBLEMS] : []),
    ...(route.answer?.file ? LARGE_ANSWER_PROBLEMS : []),
  ]);
}

/** Those that keep restricted accounts from the route. */
function restrictionsOf({ access, openToRestricted: open }: Route): ProblemClass[] {
  if (access === 'public' || open === true) return [];
  return addedProblems('restriction').filter((problem) => !open?.includes(problem));
}

function responseOf(status: number, errors: HttpException[]): MethodDecorator {
  const examples = errors.map((error) => [error.errorCode!, { value: example(status, error) }] as const);
  return ApiResponse({
    status,
    description: errors.map(({ message }) => message).join(' '),
    content: { [PROBLEM_JSON]: { schema: { $ref: getSchemaPath(Problem) }, examples: Object.fromEntries(examples) } },
  });
}

function example(status: number, error: HttpException): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status]!,
    status,
    detail: error.message,
    instance: '/api/v1/users/ada',
    code: error.errorCode!,
    request_id: '6f1c2a0e-9d0b-4c53-8a35-0f4c6b7f1d2e',
    ...(error instanceof ValidationFailed && {
      errors: [{ field: 'name', message: 'name must be a text of 2 to 30 characters' }],
    }),
    ...(error instanceof PageTooLarge && { errors: error.errors }),
    ...('members' in error && (error.members as object)),
  };
}
