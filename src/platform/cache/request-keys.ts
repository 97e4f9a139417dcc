import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ValidationPipe } from '../http/validation/validation.pipe.js';
import type { ReadPlan } from './cache-plans.js';

const MAX_URLS = 10_000;
// Longer ones are read anew each time.
const MAX_URL_LENGTH = 256;

/**
 * Names answers by the route, its path parameters and the validated query: an answer has one name however its URL is
 * written. What a URL leads to is remembered, of the last 10,000.
 */
@Injectable()
export class RequestKeys {
  private readonly known = new Map<string, string>();
  private readonly validation = new ValidationPipe();

  /** The name of the answer; undefined for a query that is not valid. A promise only for a URL that is not known. */
  of(plan: ReadPlan, request: FastifyRequest): string | Promise<string | undefined> {
    const url = plan.query ? request.url : pathOf(request.url);
    return this.known.get(url) ?? this.find(plan, request, url);
  }

  private async find(plan: ReadPlan, { params, query }: FastifyRequest, url: string): Promise<string | undefined> {
    try {
      const id = `${plan.name} ${JSON.stringify(params)} ${plan.query ? await this.canonical(plan.query, query) : ''}`;
      if (url.length <= MAX_URL_LENGTH) this.remember(url, id);
      return id;
    } catch {
      return undefined;
    }
  }

  /** The query as its class reads it, with what it takes when a parameter is left out. */
  private async canonical(metatype: new () => object, query: unknown): Promise<string> {
    const valid: unknown = await this.validation.transform(query, { type: 'query', metatype });
    return JSON.stringify(Object.entries(JSON.parse(JSON.stringify(valid)) as object).toSorted());
  }

  private remember(url: string, id: string): void {
    if (this.known.size >= MAX_URLS) this.known.delete(this.known.keys().next().value!);
    this.known.set(url, id);
  }
}

/** Parameters that a route does not take are ignored. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
