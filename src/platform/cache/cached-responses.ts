import { type CanActivate, ForbiddenException, Injectable } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isObservable, lastValueFrom } from 'rxjs';
import { Replicas, type ReadScope } from '../database/replicas/replicas.js';
import { ResponseCache } from './response-cache.js';
import { RequestKeys } from './request-keys.js';
import { CachePlans, type ReadPlan } from './cache-plans.js';
import { entityTag } from '../http/caching/entity-tag.js';
import { storable, type StoredResponse } from './stored-response.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const OK = 200;
const TRIES = 2;

type Done = (error?: Error) => void;
type Decision = ReturnType<CanActivate['canActivate']>;

/** A request whose response the cache, and maybe other requests, wait for. */
type Request = FastifyRequest & {
  awaited?: { keep: (answer: StoredResponse) => void; fail: (error: Error) => void };
  reads?: ReadScope;
};

/**
 * Answers `@Cached` routes from the cache, in hooks of Fastify around Nest's handler: what is known meets the global
 * guards and goes out, without the rest of what Nest does for a request. What is not known is kept as it was sent.
 */
@Injectable()
export class CachedResponses {
  constructor(
    private readonly cache: ResponseCache,
    private readonly plans: CachePlans,
    private readonly ids: RequestKeys,
    private readonly replicas: Replicas,
  ) {}

  /** Call it before other hooks look at the entity tag of an answer. */
  serve(fastify: FastifyInstance): void {
    fastify.addHook('preHandler', (request: Request, reply, done) => {
      const { cached } = request.routeOptions.config;
      if (!cached) return done();
      const plan = this.plans.read(cached);
      if (this.cache.isTrusted) return void this.answer(plan, request, reply, done);
      if (this.replicas.areThere) request.reads = { asOf: this.cache.asOf(plan.keysOf(request.params)) };
      this.handle(request, done);
    });
    fastify.addHook('onSend', (request: Request, reply, payload, done) => {
      const { awaited, reads } = request;
      // What goes on after the request, and was begun in it, reads the latest.
      if (reads) reads.asOf = undefined;
      if (awaited) {
        request.awaited = undefined;
        if (reply.statusCode === OK && typeof payload === 'string') {
          const answer = tagged(reply, payload);
          awaited.keep(answer);
          return done(null, answer.body);
        }
        awaited.fail(new Error('There is nothing to keep'));
      }
      done(null, payload);
    });
  }

  /** Does not wait if the response is in memory. */
  private async answer(plan: ReadPlan, request: Request, reply: FastifyReply, done: Done): Promise<void> {
    let failed: Error | undefined;
    try {
      const named = this.ids.of(plan, request);
      const id = typeof named === 'string' ? named : await named;
      if (id === undefined) return done();
      let known = this.cache.get(id);
      for (let tries = 0; !known && !request.awaited && tries < TRIES; tries++) {
        known = await this.load(id, plan, request, reply);
      }
      if (known) {
        const admitted = this.admit(new ExecutionContextHost([request, reply], plan.controller, plan.handler));
        if (admitted !== true) await admitted;
        return void reply.header('content-type', JSON_TYPE).header('etag', known.etag).send(known.body);
      }
    } catch (error) {
      failed = error as Error;
    }
    this.handle(request, done, failed);
  }

  /** Has Nest handle the request, with reads as old as its answer may be. */
  private handle({ reads }: Request, done: Done, failed?: Error): void {
    if (reads) this.replicas.readIn(reads, () => done(failed));
    else done(failed);
  }

  /**
   * What Redis or another request has; undefined when this request has to be handled, or when the other one came to
   * nothing: it was refused, there is nothing of that name, or its client went away.
   */
  private load(id: string, plan: ReadPlan, request: Request, reply: FastifyReply): Promise<StoredResponse | undefined> {
    let begin!: (nothing: undefined) => void;
    const begun = new Promise<undefined>((done) => (begin = done));
    const loaded = this.cache.load(id, plan.keysOf(request.params), plan.ttl, (asOf) => {
      begin(undefined);
      if (asOf !== undefined) request.reads = { asOf };
      return new Promise((keep, fail) => {
        request.awaited = { keep, fail };
        // Even if there is never a response, or the client has gone: nobody may wait for ever.
        reply.raw.once('close', () => fail(new Error('The request is over')));
      });
    });
    return Promise.race([begun, loaded.catch(() => undefined)]);
  }

  /** Asks the guards as Nest does; it does not wait for guards that decide synchronously. */
  private admit(context: ExecutionContextHost, from = 0): true | Promise<true> {
    for (let index = from; index < this.plans.guards.length; index++) {
      const decision = this.plans.guards[index]!.canActivate(context);
      if (decision !== true) return this.wait(decision, context, index);
    }
    return true;
  }

  private async wait(decision: Decision, context: ExecutionContextHost, index: number): Promise<true> {
    if (!(await (isObservable(decision) ? lastValueFrom(decision) : decision))) throw new ForbiddenException();
    return this.admit(context, index + 1);
  }
}

function tagged(reply: FastifyReply, text: string): StoredResponse {
  const body = storable(text);
  const etag = entityTag(body);
  reply.header('etag', etag);
  return { body, etag };
}
