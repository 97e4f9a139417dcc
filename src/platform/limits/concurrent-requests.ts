import { AsyncResource } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SendingConfig } from './bytes/sending.config.js';
import { networkOf } from './ip-network.js';

// Of each address: else all requests that have come together would be begun before anybody else is looked at.
const TURN_MILLISECONDS = 2;

interface Line {
  running: number;
  /** When the first was begun in this turn of the event loop, in milliseconds, if any was. */
  since?: number;
  waiting: (() => void)[];
}

type Request = FastifyRequest & { line?: Line };

/**
 * Works on a few requests of one address (an IPv6 network of 64 bits) at a time, and begins them for a short time in one
 * turn of the event loop: who asks for much at once keeps only itself waiting. The others wait in line, which is as long
 * as connections and the requests ahead on them allow. Bodies are received before, and answers sent afterwards, so that
 * who is slow at these holds nothing.
 */
@Injectable()
export class ConcurrentRequests {
  /** How many are in line. */
  waiting = 0;
  private readonly lines = new Map<string, Line>();
  private turn?: NodeJS.Immediate;

  constructor(private readonly config: SendingConfig) {}

  /** Call it when bodies are read, and before anything is answered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('preValidation', (request: Request, { raw }, done) => {
      // It may come from the address of a busy client, and one look answers all.
      if (request.routeOptions.config.isProbe) return done();
      const line = this.lineOf(networkOf(request));
      const begin = () => {
        if (raw.destroyed) return;
        line.running++;
        line.since ??= performance.now();
        request.line = line;
        raw.once('close', () => this.end(request));
        done();
      };
      this.plan();
      if (line.waiting.length === 0 && this.hasRoom(line)) return begin();
      this.waiting++;
      // Else it would begin in the log, the trace and the transaction of the request that ends (AsyncResource.bind
      // does the same, for 14 µs).
      const own = new AsyncResource('WaitingRequest');
      line.waiting.push(() => own.runInAsyncScope(begin));
    });
    fastify.addHook('onSend', (request, _reply, payload, done) => {
      this.end(request);
      done(null, payload);
    });
  }

  /** The request needs no more work, though its answer may go on; for answers that no hook sees, like event streams. */
  end(request: Request): void {
    const { line } = request;
    if (!line) return;
    request.line = undefined;
    line.running--;
    this.plan();
  }

  private plan(): void {
    this.turn ??= setImmediate(() => this.begin());
  }

  private begin(): void {
    this.turn = undefined;
    for (const [network, line] of this.lines) {
      line.since = undefined;
      while (line.waiting.length > 0 && this.hasRoom(line)) {
        this.waiting--;
        line.waiting.shift()!();
      }
      if (line.waiting.length > 0 && line.since !== undefined) this.plan();
      if (line.running === 0 && line.waiting.length === 0) this.lines.delete(network);
    }
  }

  private hasRoom({ running, since }: Line): boolean {
    if (running >= this.config.CONCURRENT_REQUESTS_PER_ADDRESS) return false;
    return since === undefined || performance.now() - since < TURN_MILLISECONDS;
  }

  private lineOf(network: string): Line {
    let line = this.lines.get(network);
    if (!line) this.lines.set(network, (line = { running: 0, waiting: [] }));
    return line;
  }
}
