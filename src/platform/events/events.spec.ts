import type { Transactions } from '../database/transactions.js';
import { definitionOf, definitions, type DomainEvent, Event } from './event.js';
import { Events } from './events.js';

class Payload {
  id!: number;
}

@Event('thing.made', Payload, 'A thing was made')
class ThingMade implements DomainEvent {
  constructor(
    readonly payload: Payload,
    readonly user_id: number | null,
  ) {}
}

const made = new ThingMade({ id: 1 }, 7);
const eventsIn = (isOpen: boolean) => new Events({ isOpen } as Transactions);

test('an event is known by its class', () => {
  const definition = { name: 'thing.made', payload: Payload, summary: 'A thing was made' };
  expect(definitionOf(made)).toEqual(definition);
  expect(definitions()).toEqual([definition]);
});

test('no two events have one name', () => {
  expect(() => Event('thing.made', Payload, 'Another thing was made')(class extends ThingMade {})).toThrow(
    'two events are named thing.made',
  );
});

test('an event reaches those that listen, one after the other', async () => {
  const events = eventsIn(true);
  const heard: unknown[] = [];
  for (const listener of [1, 2]) events.subscribe(async (name, event) => void heard.push([listener, name, event]));
  await events.publish(made);
  expect(heard).toEqual([1, 2].map((listener) => [listener, 'thing.made', made]));
});

test('what a listener throws reaches the transaction', async () => {
  const events = eventsIn(true);
  events.subscribe(() => Promise.reject(new Error('full')));
  await expect(events.publish(made)).rejects.toThrow('full');
});

test('an event that nobody listens to is no more than that', () => eventsIn(true).publish(made));

test.each([
  ['outside a transaction', false, made, 'thing.made is published outside a transaction'],
  ['of a class that is no event', true, { payload: {}, user_id: null }, 'Object is no @Event'],
])('nothing is published %s', async (_, isOpen, event, message) => {
  await expect(eventsIn(isOpen).publish(event)).rejects.toThrow(message);
});
