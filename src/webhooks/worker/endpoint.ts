/** One POST to the endpoint of a webhook, which may be anyone's and may mean harm. */
import { Resolver } from 'node:dns/promises';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIPv6, type LookupFunction, type Socket } from 'node:net';
import { mayReach, type Network } from '../addresses.js';
import { flawOf } from '../webhook-url.js';
import { retryAfterOf } from './retries.js';

const MOST_BYTES = 64 * 1024;
const DRAIN_MILLISECONDS = 1_000;
// A look-up outlives the attempt that asked for it by no more than this.
const LOOKUP = { timeout: 2_000, tries: 2 };

export interface Answer {
  status: number;
  /** Seconds. */
  retryAfter: number;
}

export interface Sent {
  headers: Record<string, string>;
  body: string;
  /** Ends it, whatever it is at. */
  signal: AbortSignal;
}

class AddressNotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

export class Endpoints {
  private readonly agents = { 'http:': new http.Agent(), 'https:': new https.Agent() };

  /** @param dnsServers those of the machine, if there are none */
  constructor(
    private readonly allowed: Network[],
    private readonly dnsServers: string[],
  ) {}

  /** Never follows a redirect, and reads no more of a response than it has to. Throws when nothing is answered. */
  async post(address: string, { headers, body, signal }: Sent): Promise<Answer> {
    // Settings may have changed since it was written down.
    if (flawOf(address)) throw new AddressNotAllowed();
    const url = new URL(address);
    const { request } = url.protocol === 'https:' ? https : http;
    const agent = this.agents[url.protocol as 'http:' | 'https:'];
    const options: RequestOptions = { method: 'POST', headers, agent, signal, lookup: this.lookup };
    return new Promise((done, fail) => {
      const sent = request(url, options, (response) => {
        const { statusCode, headers: answered } = response;
        drain(response, () => done({ status: statusCode!, retryAfter: retryAfterOf(answered['retry-after']) }));
      });
      sent.once('socket', (socket) => this.watch(socket));
      sent.on('error', fail);
      sent.end(body);
    });
  }

  /** Node connects to what this answers and to nothing else, so that the name cannot lead elsewhere a moment later. */
  private readonly lookup: LookupFunction = (name, { all }, done) => void this.answer(name, all, done);

  private async answer(name: string, all: boolean | undefined, done: Parameters<LookupFunction>[2]): Promise<void> {
    const addresses = await this.resolve(name).catch((error: Error) => error);
    if (addresses instanceof Error) return done(addresses, '');
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    if (all) done(null, found);
    else done(null, found[0]!.address, found[0]!.family);
  }

  /** A name with one address that is not allowed is not to be trusted with the others. */
  private async resolve(name: string): Promise<string[]> {
    // Not getaddrinfo, whose threads are those of all other work.
    const resolver = new Resolver(LOOKUP);
    if (this.dnsServers.length > 0) resolver.setServers(this.dnsServers);
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw (v4 as PromiseRejectedResult).reason;
    if (!addresses.every((one) => mayReach(one, this.allowed))) throw new AddressNotAllowed();
    return addresses;
  }

  /** Whatever led there: nothing is written to an address that is not allowed. */
  private watch(socket: Socket): void {
    socket.once('connect', () => {
      if (!mayReach(socket.remoteAddress ?? '', this.allowed)) socket.destroy(new AddressNotAllowed());
    });
  }
}

/** Lets the endpoint finish what little it may have to say besides the status, which is all that counts. */
function drain(response: IncomingMessage, over: () => void): void {
  let bytes = 0;
  const enough = setTimeout(() => response.destroy(), DRAIN_MILLISECONDS);
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > MOST_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
  response.once('close', () => {
    clearTimeout(enough);
    over();
  });
}

const WORDS: [RegExp, string][] = [
  [/^ADDRESS_NOT_ALLOWED$/, 'address_not_allowed'],
  [/^(?:ABORT_ERR|ETIMEDOUT)$/, 'timed_out'],
  [/^(?:ENOTFOUND|ENODATA|ESERVFAIL|EREFUSED|ETIMEOUT|EBADNAME|EBADRESP|EFORMERR|ENOTIMP)$/, 'name_not_resolved'],
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(?:ECONNRESET|EPIPE)$/, 'connection_lost'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^HPE_/, 'malformed_response'],
  [/CERT|TLS|SSL|VERIFY|^EPROTO$/, 'tls_failed'],
];

/** A word for what an attempt has failed with, which tells nothing of the network that it was made from. */
export function wordFor(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed';
}
