import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import { definitionOf, type DomainEvent } from './event.js';

/** What is done about an event: in the transaction in which it happens, which it undoes by throwing. */
export type EventListener = (name: string, event: DomainEvent) => Promise<void>;

/** Tells what happens in domains to whoever listens, and does nothing where nobody does. */
@Injectable()
export class Events {
  private readonly listeners: EventListener[] = [];

  constructor(private readonly transactions: Transactions) {}

  subscribe(listener: EventListener): void {
    this.listeners.push(listener);
  }

  /** Throws outside a transaction: an event is told if and only if what it tells of is committed. */
  async publish(event: DomainEvent): Promise<void> {
    const { name } = definitionOf(event);
    if (!this.transactions.isOpen) throw new Error(`${name} is published outside a transaction`);
    for (const listener of this.listeners) await listener(name, event);
  }
}
