import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Counter } from 'prom-client';
import { Transactions } from '../database/transactions.js';
import { Probes } from '../health/probes.js';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from './idempotency.errors.js';
import { KeptResponses, KeyTaken, type OwnKey } from './kept-responses.service.js';
import { ResponseSeal } from './response-seal.js';

const WAIT_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 50;

/** What is kept of a response. */
export interface Kept {
  status: number;
  location?: string;
  body: string;
}

interface Asked extends OwnKey {
  /** Tells the request from others. */
  fingerprint: string;
}

interface Answer {
  kept: Kept;
  isReplayed: boolean;
}

/**
 * Requests that may be sent again. Their response is kept in the transaction of their effect: there is both, or neither.
 * A failure undoes everything and is not kept.
 */
@Injectable()
export class RepeatedRequests {
  private readonly outcomes: Counter;
  /** Those of this process while they are worked on, by key. */
  private readonly running = new Map<string, Promise<unknown>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly responses: KeptResponses,
    private readonly moduleRef: ModuleRef,
    { registry }: Probes,
  ) {
    this.outcomes = new Counter({
      name: 'idempotent_requests_total',
      help: 'Requests with an idempotency key that succeeded: kept the first time, replayed from then on',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  /**
   * Answers what the request was answered with before; else has it handled, in a transaction that begins with its first
   * statement. Waits a while, and without a connection, for others with the same key. Throws `IdempotencyKeyInUse`,
   * `IdempotencyKeyReused`, `TooManyIdempotencyKeys`.
   */
  async once(asked: Asked, handle: () => Promise<Kept>): Promise<Answer> {
    const name = asked.hash.toString('base64');
    const deadline = Date.now() + WAIT_MILLISECONDS;
    for (;;) {
      const sealed = await this.responses.find(asked);
      if (sealed) return this.replayed(asked, sealed);
      const other = this.running.get(name);
      const answer = other ? await waitFor(other, deadline) : await this.first(name, asked, handle);
      if (answer) return answer;
      if (Date.now() >= deadline) throw new IdempotencyKeyInUse();
    }
  }

  /** Answers nothing where another process has the key. */
  private async first(name: string, asked: Asked, handle: () => Promise<Kept>): Promise<Answer | undefined> {
    const work = this.transactions.run(
      () => this.handleAndKeep(asked, handle),
      () => this.responses.claim(asked),
    );
    this.running.set(name, work);
    try {
      const kept = await work;
      this.outcomes.inc({ outcome: 'kept' });
      return { kept, isReplayed: false };
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
      await sleep(POLL_MILLISECONDS);
      return undefined;
    } finally {
      this.running.delete(name);
    }
  }

  private async handleAndKeep({ fingerprint, ...own }: Asked, handle: () => Promise<Kept>): Promise<Kept> {
    const kept = await handle();
    await this.responses.keep(own, this.seal.seal(JSON.stringify({ fingerprint, ...kept }), own.hash));
    return kept;
  }

  /** Looked up when it is needed: programs that answer no requests have none. */
  private get seal(): ResponseSeal {
    return this.moduleRef.get(ResponseSeal, { strict: false });
  }

  /** What was sealed with a key that is gone may be of another request. */
  private replayed({ fingerprint, hash }: Asked, sealed: Buffer): Answer {
    const text = this.seal.open(sealed, hash);
    const known = text === undefined ? undefined : (JSON.parse(text) as Kept & Asked);
    if (known?.fingerprint !== fingerprint) throw new IdempotencyKeyReused();
    this.outcomes.inc({ outcome: 'replayed' });
    return { kept: known, isReplayed: true };
  }
}

async function waitFor(other: Promise<unknown>, deadline: number): Promise<undefined> {
  const over = new AbortController();
  await Promise.race([other, sleep(deadline - Date.now(), undefined, { signal: over.signal })]).catch(() => undefined);
  over.abort();
}
