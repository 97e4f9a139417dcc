import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CLIENT_GONE, isEventStream } from '../../http/requests/request-log.js';
import { networkOf } from '../ip-network.js';
import { SendingConfig } from './sending.config.js';
import { SendingTooMuch, TooMuchUnread } from './sending.errors.js';

// Smaller responses fit into the buffers that every connection has.
const SMALL_BYTES = 16 * 1024;
// A stream has two pieces in memory: the one that waits for the reader, and the next one.
const STREAM_BYTES = 2 * 1024 * 1024;
const LOOK_MILLISECONDS = 1_000;
// Whose reader has taken nothing for two looks gives way where bytes are short.
const STALLED_MILLISECONDS = 2 * LOOK_MILLISECONDS;
const SECOND = 1_000;
// They are of what would have been sent.
const HEADERS = ['etag', 'content-disposition'];

type Payload = string | Buffer | Readable | null | undefined;

interface Answer {
  raw: ServerResponse;
  network: string;
  bytes: number;
  /** How many bytes its connection had taken when that was last seen to change, and when that was. */
  taken: number;
  since: number;
}

/**
 * Counts the bytes of large answers until the socket has taken them, by process and by address (an IPv6 network of 64
 * bits): beyond a bound no further one is sent. One that is not read at the lowest rate is given up, and where the bytes
 * of the process are short, one that has stalled makes room for an address that has less under way: a few that read
 * nothing can't have it all. Small answers are neither counted nor refused, and event streams have bounds of their own.
 */
@Injectable()
export class Sending implements OnModuleDestroy {
  bytes = 0;
  /** How many answers were not sent, by the bound that they met, and how many were given up. */
  readonly refused = { process: 0, address: 0 };
  givenUp = 0;
  private readonly networks = new Map<string, number>();
  private readonly answers = new Set<Answer>();
  private readonly timer = setInterval(() => this.giveUpUnread(), LOOK_MILLISECONDS).unref();

  constructor(private readonly config: SendingConfig) {}

  /** Call it after all else that changes what is sent. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook<Payload>('onSend', (request, reply, payload, done) => {
      const bytes = request.method === 'HEAD' ? 0 : sizeOf(payload, reply);
      if (bytes <= SMALL_BYTES) return done(null, payload);
      const error = this.begin(bytes, request, reply);
      if (error && payload && typeof payload === 'object' && 'destroy' in payload) payload.destroy();
      if (error) return done(error);
      // As bytes, a text is held once, without a copy for sending.
      done(null, typeof payload === 'string' ? Buffer.from(payload) : payload);
    });
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private begin(bytes: number, request: FastifyRequest, reply: FastifyReply): Error | undefined {
    const network = networkOf(request);
    const error = this.refusal(bytes, this.networks.get(network) ?? 0);
    if (error) {
      for (const name of HEADERS) reply.removeHeader(name);
      return error;
    }
    const { raw } = reply;
    const answer = { raw, network, bytes, taken: takenOf(raw), since: performance.now() };
    this.answers.add(answer);
    this.count(network, bytes);
    raw.once('close', () => this.end(answer));
    return undefined;
  }

  /** A single response is always sent, otherwise one above the bound could never be sent. */
  private refusal(bytes: number, used: number): Error | undefined {
    const { SENDING_MAX_BYTES, SENDING_MAX_BYTES_PER_ADDRESS } = this.config;
    if (used > 0 && used + bytes > SENDING_MAX_BYTES_PER_ADDRESS) {
      this.refused.address++;
      return new TooMuchUnread();
    }
    while (this.bytes > 0 && this.bytes + bytes > SENDING_MAX_BYTES) {
      const stalled = this.longestStalled(used + bytes);
      if (!stalled) {
        this.refused.process++;
        return new SendingTooMuch();
      }
      this.giveUp(stalled);
    }
    return undefined;
  }

  /** Among the answers to addresses that have more bytes under way than that. */
  private longestStalled(bytes: number): Answer | undefined {
    let [longest, since]: [Answer | undefined, number] = [undefined, performance.now() - STALLED_MILLISECONDS];
    for (const answer of this.answers) {
      if (answer.since < since && this.networks.get(answer.network)! > bytes) [longest, since] = [answer, answer.since];
    }
    return longest;
  }

  private giveUp(answer: Answer): void {
    this.givenUp++;
    this.end(answer);
    // The status that is told of it: its headers have gone.
    answer.raw.statusCode = CLIENT_GONE;
    answer.raw.destroy();
  }

  private end(answer: Answer): void {
    if (this.answers.delete(answer)) this.count(answer.network, -answer.bytes);
  }

  private count(network: string, bytes: number): void {
    this.bytes += bytes;
    const used = (this.networks.get(network) ?? 0) + bytes;
    if (used > 0) this.networks.set(network, used);
    else this.networks.delete(network);
  }

  /** Node only tells when the system has taken a whole chunk: until then it has the time that all of it takes. */
  private giveUpUnread(): void {
    const { SEND_TIMEOUT_SECONDS, SEND_MIN_BYTES_PER_SECOND } = this.config;
    const now = performance.now();
    for (const answer of this.answers) {
      const { raw } = answer;
      const taken = takenOf(raw);
      if (raw.writableLength === 0 || taken !== answer.taken) Object.assign(answer, { taken, since: now });
      const seconds = SEND_TIMEOUT_SECONDS + raw.writableLength / SEND_MIN_BYTES_PER_SECOND;
      if (now - answer.since > seconds * SECOND) this.giveUp(answer);
    }
  }
}

function sizeOf(payload: Payload, reply: FastifyReply): number {
  if (payload === null || payload === undefined) return 0;
  if (typeof payload === 'string') return payload.length <= SMALL_BYTES ? 0 : Buffer.byteLength(payload);
  if (Buffer.isBuffer(payload)) return payload.length;
  return isEventStream(reply) ? 0 : STREAM_BYTES;
}

/** How many bytes the connection of an answer has taken so far. */
function takenOf({ socket }: ServerResponse): number {
  return socket ? socket.bytesWritten - socket.writableLength : 0;
}
