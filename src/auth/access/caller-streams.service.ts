import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { GracefulShutdown } from '../../platform/http/graceful-shutdown.js';
import { addressOf } from '../../platform/http/requests/client-address.js';
import type { SignedInRequest } from '../../platform/http/access/caller.js';
import { OpenStreams } from '../../platform/limits/streams/open-streams.js';
import { ConcurrentRequests } from '../../platform/limits/concurrent-requests.js';
import { CallersService } from './callers.service.js';

/** Responses that last as long as the client likes, but no longer than it is entitled to them. */
@Injectable()
export class CallerStreams {
  constructor(
    private readonly streams: OpenStreams,
    private readonly callers: CallersService,
    private readonly shutdown: GracefulShutdown,
    private readonly requests: ConcurrentRequests,
  ) {}

  /**
   * Opens a stream; for a HEAD one that is over. Throws `TooManyStreams` and `StreamsFull`.
   * @returns aborted when the stream has to end: its client has gone, the access token has expired, the session has
   *   ended, the caller's rights have changed, or this process stops
   */
  open(request: SignedInRequest, { raw }: FastifyReply): AbortSignal {
    const { method, user, accessUntil = 0 } = request;
    if (method === 'HEAD') return AbortSignal.abort();
    const leave = this.streams.enter(user.id, addressOf(request));
    this.requests.end(request);
    const gone = new AbortController();
    const end = () => gone.abort();
    const expiry = setTimeout(end, accessUntil - Date.now());
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
