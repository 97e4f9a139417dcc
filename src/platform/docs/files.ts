/** Files in the document: what is sent or answered as bytes. */
import { FORM, JSON_TYPE, MULTIPART } from '../http/requests/media-types.js';
import type { Operation } from './schemas.js';

const WITH_FIELDS = new Set([JSON_TYPE, FORM, MULTIPART]);

export const FILE = { type: 'string' as const, format: 'binary' };
export const FORM_OF_FILE = { type: 'object' as const, properties: { file: FILE }, required: ['file'] };

/** Swagger writes one schema for all media types of a body; a file that is sent without a form has no fields. */
export function tellFilesApart({ requestBody }: Operation): void {
  const { content = {} } = (requestBody ?? {}) as { content?: Record<string, { schema: object }> };
  for (const [mediaType, body] of Object.entries(content)) if (!WITH_FIELDS.has(mediaType)) body.schema = FILE;
}
