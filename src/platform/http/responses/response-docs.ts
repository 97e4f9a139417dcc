import { applyDecorators, HttpCode, type HttpException, SetMetadata, type Type } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';

export const ANSWERS = 'answers';

/** The class of an error that a route or a guard may throw. */
export type ProblemClass = new () => HttpException;

export interface Answer {
  /** What clients call it, as in `listPosts`: the name of a function in those that are generated. */
  operation: string;
  summary: string;
  /** 200 unless given. */
  status?: number;
  /** The class of the body; none for an empty answer. */
  type?: Type<object>;
  /** What a stream has instead: its media type, and the class of what it, or each of its events, carries. */
  streams?: { mediaType: string; type: () => Type<object> };
  /** The media type of a file that it answers instead. */
  file?: string;
  /** Errors that the handler itself throws; `docs` adds those of guards, authentication and validation. */
  problems?: ProblemClass[];
  /** Response headers and what they hold. */
  headers?: Record<string, string>;
}

/** Sets the status of a route's success and documents it; a test fails on a route without it. */
export function Responds(answer: Answer): MethodDecorator {
  return applyDecorators(
    HttpCode(answer.status ?? 200),
    ApiOperation({ operationId: answer.operation, summary: answer.summary }),
    SetMetadata(ANSWERS, answer),
  );
}

/** Errors that a guard may throw, for the documentation of the routes that it guards. */
export function Throws(...problems: ProblemClass[]): ClassDecorator {
  return SetMetadata(ANSWERS, problems);
}
