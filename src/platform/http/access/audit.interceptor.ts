import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { audit } from '../../runtime/log/audit.js';
import { addressOf } from '../requests/client-address.js';
import { actorOf, type SignedInRequest } from './caller.js';

/** Records what superusers and holders of permissions change: which route, on what, which fields; never their values. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const { right } = request;
    if (!right || request.method === 'GET' || request.method === 'HEAD') return next.handle();
    // Once, also where the route has the interceptor by itself and by its controller.
    request.right = undefined;
    const facts = {
      ...actorOf(request.user),
      address: addressOf(request),
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      target: request.params,
      fields: Object.keys(request.body ?? {}),
      ...right,
    };
    const record = (isDone: boolean) => audit('admin_act', { ...facts, is_done: isDone });
    return next.handle().pipe(tap({ complete: () => record(true), error: () => record(false) }));
  }
}
