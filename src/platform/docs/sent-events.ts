/** The events of all domains in the document: as webhooks, if something sends them, and wherever their names are taken. */
import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import type { Type } from '@nestjs/common';
import { definitions, type EventDefinition } from '../events/event.js';
import { OF_EVENTS } from '../events/event-name.js';
import { headersOfEvents } from '../events/sends-events.js';
import { nameMarked } from './named-values.js';
import { type Operation, pascalOf, type Schema, schemasOf } from './schemas.js';

const RESPONSES = {
  '2XX': { description: 'Received: it is not sent again' },
  '410': { description: 'Nobody is there any more: nothing is sent there again' },
};

/** The classes of payloads. */
export function eventModels(): Type[] {
  return headersOfEvents() ? definitions().map(({ payload }) => payload) : [];
}

export function documentEvents(document: OpenAPIObject): void {
  nameMarked(
    document,
    OF_EVENTS,
    definitions().map(({ name }) => name),
  );
  const headers = headersOfEvents();
  if (!headers) return;
  const schemas = schemasOf(document);
  for (const event of definitions()) schemas[schemaName(event)] = envelopeOf(event);
  const parameters = Object.entries(headers).map(([name, description]) => {
    return { name, in: 'header' as const, required: true, description, schema: { type: 'string' } };
  });
  // By reference, as generators that do not know webhooks write functions for those that stand there themselves.
  const items = definitions().map((event) => [event.name, { post: operationOf(event, parameters) }]);
  const references = definitions().map(({ name }) => [name, { $ref: `#/components/pathItems/${name}` }]);
  Object.assign(document.components!, { pathItems: Object.fromEntries(items) as object });
  document.webhooks = Object.fromEntries(references) as OpenAPIObject['webhooks'];
}

function operationOf(event: EventDefinition, parameters: Operation['parameters']): Operation {
  const content = { 'application/json': { schema: { $ref: getSchemaPath(schemaName(event)) } } };
  const requestBody = { required: true, content };
  const operationId = `on${pascalOf(event.name)}`;
  return { operationId, summary: event.summary, parameters, requestBody, responses: RESPONSES, security: [] };
}

function envelopeOf({ name, payload }: EventDefinition): Schema {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string', enum: [name] },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
      data: { $ref: getSchemaPath(payload) },
    },
  };
}

const schemaName = ({ name }: EventDefinition) => `${pascalOf(name)}Event`;
