/** What is published of the document: OpenAPI 3.1, as exact as clients that are generated from it need it. */
import type { OpenAPIObject } from '@nestjs/swagger';
import { closeBodies, dropPatchDefaults } from './bodies.js';
import { tellFilesApart } from './files.js';
import { namePermissions } from './named-values.js';
import { withNullTypes } from './null-types.js';
import { tellPagesApart } from './pages-apart.js';
import type { Operation } from './schemas.js';
import { documentEvents } from './sent-events.js';
import { tellTasksApart } from './tasks-apart.js';

/** A copy: answers are serialised by the document as it was written. */
export function published(written: OpenAPIObject): OpenAPIObject {
  const document = structuredClone(written);
  tellTasksApart(document);
  tellPagesApart(document);
  documentEvents(document);
  namePermissions(document);
  for (const [method, operation] of operationsOf(document)) {
    operation.security ??= [];
    tellFilesApart(operation);
    closeBodies(document, operation);
    if (method === 'patch') dropPatchDefaults(document, operation);
  }
  const { servers = [], ...rest } = withNullTypes(document) as OpenAPIObject;
  return { ...rest, openapi: '3.1.0', ...(servers.length > 0 && { servers }), tags: tagsOf(document) };
}

function operationsOf({ paths }: OpenAPIObject): [method: string, Operation][] {
  return Object.values(paths).flatMap((item) => Object.entries(item) as [string, Operation][]);
}

function tagsOf(document: OpenAPIObject) {
  const names = operationsOf(document).flatMap(([, { tags = [] }]) => tags);
  return [...new Set(names)].toSorted().map((name) => ({ name }));
}
