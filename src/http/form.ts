import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { UnsupportedMediaType } from './http.errors.js';
import { WithFacts } from './route-facts.js';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** Lets a route take a form beside JSON. Other routes answer 415, so that no page of another site can post to them. */
export function AcceptsForm(): MethodDecorator {
  return applyDecorators(WithFacts({ acceptsForm: true }), ApiConsumes(JSON_TYPE, FORM));
}

/** JSON everywhere, forms where a route says so, nothing else. */
export function registerBodyParsers(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['text/plain', JSON_TYPE]);
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (request, body, done) => {
    // Many clients name a content type even where they send nothing, as with DELETE.
    if (body === '') done(null, undefined);
    else void parseJson(request, body as string, done);
  });
  fastify.addContentTypeParser(FORM, { parseAs: 'string' }, (request, body, done) => {
    if (!request.routeOptions.config.acceptsForm) return done(new UnsupportedMediaType());
    return done(null, parseForm(body as string));
  });
}

/** A field sent twice becomes a list, which no field of a form takes. */
function parseForm(text: string): Record<string, string | string[]> {
  const params = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(params.keys())].map((key) => {
      const values = params.getAll(key);
      return [key, values.length === 1 ? values[0]! : values];
    }),
  );
}
