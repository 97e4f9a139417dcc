import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, concatMap, from, map, type Observable, throwError } from 'rxjs';
import { ResponseCache } from './response-cache.js';
import { CachePlans } from './cache-plans.js';

/** Invalidates after the handler, whose changes are committed by then, and before the response is sent. */
@Injectable()
export class InvalidatesInterceptor implements NestInterceptor {
  constructor(
    private readonly cache: ResponseCache,
    private readonly plans: CachePlans,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { params } = context.switchToHttp().getRequest<FastifyRequest>();
    const keys = this.plans.write(context.getHandler())(params);
    const invalidate = () => from(this.cache.invalidate(keys));
    return next.handle().pipe(
      concatMap((answer: unknown) => invalidate().pipe(map(() => answer))),
      catchError((error: unknown) => {
        if (error instanceof HttpException) return throwError(() => error);
        // After a lost connection, it is unknown whether the change was committed.
        return invalidate().pipe(concatMap(() => throwError(() => error)));
      }),
    );
  }
}
