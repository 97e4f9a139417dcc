/** Reads the bodies of requests: JSON in UTF-8, forms and files where a route says so, and never more than it takes. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseForm } from './form-bodies.js';
import { MalformedRequest, UnsupportedContentEncoding, UnsupportedMediaType } from '../problems/http.errors.js';
import { parseBounded } from './json.js';
import { FORM, isFileType, JSON_TYPE } from './media-types.js';
import { WithFacts } from '../access/route-metadata.js';

/** The limits of a body unless its route sets others: enough for any account, however its JSON is escaped. */
export const BODY_BYTES = 32 * 1024;
const NODES = 1_000;

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** The limits of the bodies of one route. */
export interface BodyBounds {
  bytes?: number;
  /** Fields of objects and items of lists, nested ones too. */
  nodes?: number;
}

/** Lets a route take more, or less, than 32 KiB and 1,000 values. */
export function BodyLimit(body: BodyBounds): MethodDecorator {
  return WithFacts({ body });
}

/** Call it before routes are registered. */
export function readBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bytes } = route.config?.body ?? {};
    if (bytes !== undefined) route.bodyLimit = bytes;
  });
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const length = request.headers['content-length'];
    // Many clients send a content type even without a body, as with DELETE.
    if (isWithoutBody(request)) delete request.headers['content-type'];
    else if (length !== undefined && !request.is404) return done(problemOf(request), payload);
    done(null, payload);
  });
  fastify.removeAllContentTypeParsers();
  const parseJson = jsonParser(fastify);
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      done(null, body.length === 0 || request.is404 ? undefined : parse(request, body, parseJson));
    } catch (error) {
      done(error as Error);
    }
  });
}

function isWithoutBody({ headers }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined;
}

/** Why the route does not accept a body with these headers. */
function problemOf({ headers, mediaType = '', routeOptions, method }: FastifyRequest): Error | null {
  if (method === 'GET' || method === 'HEAD') return null;
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return new UnsupportedContentEncoding();
  const { acceptsForm, file } = routeOptions.config;
  if (file) return isFileType(mediaType, file.mediaType) ? null : new UnsupportedMediaType();
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const isTaken = mediaType === JSON_TYPE || (mediaType === FORM && acceptsForm === true);
  return isTaken && /^utf-?8$/i.test(charset) ? null : new UnsupportedMediaType();
}

function parse(request: FastifyRequest, body: Buffer, parseJson: (text: string) => unknown): unknown {
  const problem = problemOf(request);
  if (problem) throw problem;
  if (request.routeOptions.config.file) return body;
  if (!isUtf8(body)) throw new MalformedRequest('The request body is not UTF-8.');
  const { nodes = NODES } = request.routeOptions.config.body ?? {};
  const text = body.toString();
  return request.mediaType === FORM ? parseForm(text, nodes) : parseBounded(text, nodes, parseJson);
}

/** Fastify's own, which refuses `__proto__`; a byte order mark is ignored. */
function jsonParser(fastify: FastifyInstance): (text: string) => unknown {
  const parseSafely = fastify.getDefaultJsonParser('error', 'error');
  return (text) => {
    let outcome: { error: Error | null; value?: unknown } | undefined;
    void parseSafely(undefined as never, text, (error, value) => (outcome = { error, value }));
    if (outcome?.error) throw outcome.error;
    return outcome?.value;
  };
}
