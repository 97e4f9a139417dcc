import 'reflect-metadata';
import { SetMetadata, type Type } from '@nestjs/common';

const EVENT = 'event';

export interface EventDefinition {
  /** Such as `order.created`. */
  name: string;
  /** Its class, whose properties the document has. */
  payload: Type<object>;
  /** When it happens, in a sentence for the document. */
  summary: string;
}

/** What has happened: an instance of a class with `@Event`. */
export interface DomainEvent {
  /** As JSON has it, with what its class documents and nothing else. */
  readonly payload: object;
  /** The user whom it concerns, besides superusers; null if it concerns nobody but them. */
  readonly user_id: number | null;
}

const classes = new Set<Type<DomainEvent>>();

/** Makes a class an event of that name, which must be the only one. It belongs into `<domain>.events.ts`. */
export function Event(
  name: string,
  payload: EventDefinition['payload'],
  summary: string,
): (owner: Type<DomainEvent>) => void {
  return (owner) => {
    if (definitions().some((one) => one.name === name)) throw new Error(`two events are named ${name}`);
    SetMetadata(EVENT, { name, payload, summary } satisfies EventDefinition)(owner);
    classes.add(owner);
  };
}

/** Throws for an object whose class is no event. */
export function definitionOf({ constructor }: DomainEvent): EventDefinition {
  const definition = Reflect.getMetadata(EVENT, constructor) as EventDefinition | undefined;
  if (!definition) throw new Error(`${constructor.name} is no @Event`);
  return definition;
}

/** Every event whose class has been imported so far, by name. */
export function definitions(): EventDefinition[] {
  const all = [...classes].map((owner) => Reflect.getMetadata(EVENT, owner) as EventDefinition);
  return all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
