import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import type { Type } from '@nestjs/common';
import { isTold, type OfTask, ofTaskIn, TASK_NAME } from '../queue/of-task.js';
import { definitionOf, taskClasses, type TaskDefinition } from '../queue/task.js';
import { pascalOf, replaceByOneOf, type Schema, schemasOf } from './schemas.js';

type Parts = [property: string, OfTask][];

const PLAIN = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
]);

const definitions = () =>
  taskClasses()
    .map((task) => definitionOf(task)!)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** The classes of payloads and results. */
export function taskModels(): Type[] {
  const classes = definitions().flatMap(({ payload, result }) => [payload, result]);
  return classes.filter((one): one is Type => one !== undefined && !PLAIN.has(one));
}

/** Gives each task a schema of its own, in place of one for all, wherever a payload or a result is. */
export function tellTasksApart(document: OpenAPIObject): void {
  for (const [name, schema] of Object.entries(schemasOf(document))) {
    const parts = partsOf(schema);
    if (parts.length === 0) continue;
    const told = parts.map(([, part]) => part);
    const tasks = definitions().filter((task) => isTold(task, told));
    const named = tasks.map((task) => [`${pascalOf(task.name)}${name}`, task] as const);
    const variants = Object.fromEntries(named.map(([variant, task]) => [variant, variantOf(schema, parts, task)]));
    replaceByOneOf(document, name, variants).discriminator = {
      propertyName: TASK_NAME,
      mapping: Object.fromEntries(named.map(([variant, task]) => [task.name, getSchemaPath(variant)])),
    };
  }
}

function partsOf({ properties = {} }: Schema): Parts {
  return Object.entries(properties).flatMap(([property, schema]) => {
    const part = ofTaskIn(schema);
    return part ? [[property, part]] : [];
  });
}

function variantOf({ properties, ...schema }: Schema, parts: Parts, task: TaskDefinition): Schema {
  const own = parts.map(([property, { part }]) => [property, partOf(properties![property]!, task[part])]);
  const name = { type: 'string', enum: [task.name], example: task.name };
  return { ...schema, properties: { ...properties, [TASK_NAME]: name, ...Object.fromEntries(own) } };
}

/** Without a class it is any JSON. */
function partOf({ description, nullable }: Schema, type: Type<unknown> | undefined): Schema {
  if (type === undefined) return { description };
  const plain = PLAIN.get(type);
  if (plain) return { type: plain, description, nullable };
  const $ref = getSchemaPath(type);
  return nullable ? { allOf: [{ $ref }], description, nullable } : { $ref };
}
