import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** How long requests may take that arrived before the server closed. */
export const LAST_SECONDS = 20;
// How long a connection from before the server closed may stay silent: browsers open some in advance.
const SILENCE_MILLISECONDS = 1_000;
const IDLE_MILLISECONDS = 100;

/** How far this process has got with stopping. */
@Injectable()
export class GracefulShutdown implements OnModuleDestroy {
  /** Readiness reports it, so that no new requests are sent here. */
  isAnnounced = false;
  private readonly closing = new AbortController();
  /** Aborted when endless responses have to end. */
  readonly signal = this.closing.signal;
  private readonly sockets = new Set<Socket>();

  constructor() {
    // One for each such response.
    setMaxListeners(0, this.signal);
  }

  /** Call it before the server listens. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.isAnnounced) reply.header('connection', 'close');
      done(null, payload);
    });
    const { server } = fastify;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    // Node calls it too, and counts a connection as idle although its response still waits for a slow reader.
    const closeIdle = server.closeIdleConnections.bind(server);
    server.closeIdleConnections = () => this.isSending() || closeIdle();
  }

  /**
   * Stops serving without losing a request. While others hear that this process is going, it serves on, and each answer
   * sends its client to another connection; then nothing new is let in, and what is under way gets 20 s to finish.
   * @param grace seconds
   */
  async drain(fastify: FastifyInstance, grace: number): Promise<void> {
    const { server } = fastify;
    this.isAnnounced = true;
    await sleep(grace * 1_000);
    this.closing.abort();
    const timers = [
      // A response that began before the stop has kept its connection open.
      setInterval(() => server.closeIdleConnections(), IDLE_MILLISECONDS),
      setTimeout(() => this.hangUp((socket) => socket.bytesRead === 0), SILENCE_MILLISECONDS),
      setTimeout(() => this.hangUp(() => true), LAST_SECONDS * 1_000),
    ];
    await fastify.close();
    timers.forEach(clearTimeout);
  }

  onModuleDestroy(): void {
    this.isAnnounced = true;
  }

  private isSending(): boolean {
    return [...this.sockets].some(({ writableLength }) => writableLength > 0);
  }

  private hangUp(applies: (socket: Socket) => boolean): void {
    for (const socket of this.sockets) if (applies(socket)) socket.destroy();
  }
}
