/** Routes that take a file: as the body itself, or as the only part of a form. Its content says what it is. */
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { WithFacts } from '../access/route-metadata.js';
import { BodyLimit } from './bodies.js';

/** A body as it was sent. */
export interface SentFile {
  bytes: Buffer;
  /** The whole `Content-Type`; empty if there is none. */
  type: string;
}

/**
 * Lets a route take a file of so many bytes, with the form around it, and nothing else.
 * @param mediaType what the document says of it, such as `image/*`
 */
export function TakesFile({ bytes, mediaType }: { bytes: number; mediaType: string }): MethodDecorator {
  return applyDecorators(BodyLimit({ bytes }), WithFacts({ file: { mediaType } }));
}

/** Passes the file to a parameter of such a route. */
export const BodyFile = createParamDecorator(fileOf);

function fileOf(_: unknown, context: ExecutionContext): SentFile {
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { bytes: (body as Buffer | undefined) ?? Buffer.alloc(0), type: headers['content-type'] ?? '' };
}
