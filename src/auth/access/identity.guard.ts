import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { accessTo, knowsDevices } from '../../platform/http/access/access.js';
import type { AnyRequest } from '../../platform/http/access/caller.js';
import { bearerToken } from '../tokens/bearer-token.js';
import { CallersService } from './callers.service.js';
import { AccessKeys, type Shown } from './access-keys.service.js';
import { KnownDevices } from '../lock-out/known-devices.js';
import { TokenCache } from '../tokens/token-cache.js';

/** Finds out who calls a route that is not public, or from which device, and refuses nobody: that is for `AccessGuard`, after the limits. */
@Injectable()
export class IdentityGuard extends AuthGuard('jwt') {
  constructor(
    private readonly verified: TokenCache,
    private readonly accessKeys: AccessKeys,
    private readonly callers: CallersService,
    private readonly devices: KnownDevices,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessTo(context) !== 'public') return this.identify(context);
    if (knowsDevices(context)) {
      const request = context.switchToHttp().getRequest<AnyRequest>();
      request.devices = this.devices.of(request);
    }
    return true;
  }

  override handleRequest<T>(error: unknown, user: T): T {
    if (error) throw error;
    return user;
  }

  /** Each token or access key is verified once; its account is looked up each time. */
  private async identify(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AnyRequest>();
    const token = bearerToken(request);
    const shown = this.accessKeys.shownBy(request, token);
    if (shown !== undefined) {
      if (shown) await this.identifyByKey(request, shown);
      return true;
    }
    const verified = this.verified.get(token ?? '');
    if (!verified) return super.canActivate(context) as Promise<boolean>;
    request.accessUntil = verified.until;
    request.user = await this.callers.of(verified.holder);
    return true;
  }

  private async identifyByKey(request: AnyRequest, shown: Shown): Promise<void> {
    const verified = await this.accessKeys.verify(shown, request);
    if (!verified) return;
    request.accessUntil = verified.until;
    request.user = await this.callers.of(verified.holder);
    if (request.user) shown.kind.used(request.user.access_key!.id);
    else this.accessKeys.forget(shown);
  }
}
