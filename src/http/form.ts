import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { MalformedRequest, UnsupportedMediaType } from './http.errors.js';
import { WithFacts } from './route-facts.js';

const JSON_TYPE = 'application/json';
const MAX_FORM_FIELDS = 100;
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
    try {
      if (!request.routeOptions.config.acceptsForm) throw new UnsupportedMediaType();
      done(null, parseForm(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** A field sent twice becomes a list, which no field of a form takes. */
function parseForm(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  let count = 0;
  for (const [key, value] of new URLSearchParams(text)) {
    if (++count > MAX_FORM_FIELDS) throw new MalformedRequest(`The form has more than ${MAX_FORM_FIELDS} fields.`);
    const known = fields.get(key);
    fields.set(key, known === undefined ? value : [known, value].flat());
  }
  return Object.fromEntries(fields);
}
