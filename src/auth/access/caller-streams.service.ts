import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { GracefulShutdown } from '../../platform/http/graceful-shutdown.js';
import { addressOf } from '../../platform/http/requests/client-address.js';
import type { SignedInRequest } from '../../platform/http/access/caller.js';
import { OpenStreams } from '../../platform/limits/streams/open-streams.js';
import { ConcurrentRequests } from '../../platform/limits/concurrent-requests.js';
import { AuthConfig } from '../auth.config.js';
import { CallersService } from './callers.service.js';

const MINUTE = 60_000;

/** Responses that last as long as the client likes, but no longer than it is entitled to them. */
@Injectable()
export class CallerStreams {
  constructor(
    private readonly streams: OpenStreams,
    private readonly callers: CallersService,
    private readonly shutdown: GracefulShutdown,
    private readonly requests: ConcurrentRequests,
    private readonly config: AuthConfig,
  ) {}

  /**
   * Opens a stream; for a HEAD one that is over. Throws `TooManyStreams` and `StreamsFull`.
   * @returns aborted when the stream has to end: its client has gone, what let it in has expired or ended, the caller's
   *   rights have changed, it has lasted as long as an access token would, or this process stops
   */
  open(request: SignedInRequest, { raw }: FastifyReply): AbortSignal {
    const { method, user, accessUntil = 0 } = request;
    if (method === 'HEAD') return AbortSignal.abort();
    const leave = this.streams.enter(user.id, addressOf(request));
    this.requests.end(request);
    const gone = new AbortController();
    const end = () => gone.abort();
    // An access key may be good for ever, or for longer than a timer can wait.
    const longest = this.config.ACCESS_TOKEN_EXPIRE_MINUTES * MINUTE;
    const expiry = setTimeout(end, Math.min(accessUntil - Date.now(), longest));
    const { signal: stopping } = this.shutdown;
    // In Node 20 the signal of a process would hold on to each that AbortSignal.any() makes of it.
    stopping.addEventListener('abort', end);
    raw.once('close', end);
    this.callers.watch(user, gone);
    gone.signal.addEventListener('abort', () => {
      clearTimeout(expiry);
      stopping.removeEventListener('abort', end);
      leave();
      // Who does not read would never come to the end.
      if (raw.writableNeedDrain) raw.destroy();
    });
    if (stopping.aborted || raw.destroyed) end();
    return gone.signal;
  }
}
