/** What Prometheus learns of connections, of requests that wait, and of bodies and answers under way. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConcurrentRequests } from '../limits/concurrent-requests.js';
import type { Connections } from '../limits/connection-limits.js';
import type { Receiving } from '../limits/bytes/receiving.js';
import type { Sending } from '../limits/bytes/sending.js';

/** How much is under way to clients, and what was not sent to its end. */
export function measureSending(sending: Sending, registry: Registry): void {
  gauge(registry, 'sending_bytes', 'Bytes of large answers that clients have yet to take', () => sending.bytes);
  byBound(
    registry,
    'sending_refused_total',
    'Responses refused because too many bytes were under way',
    sending.refused,
  );
  const givenUp = new Counter({
    name: 'sending_given_up_total',
    help: 'Responses given up because they were read too slowly',
    registers: [],
    collect() {
      this.reset();
      this.inc(sending.givenUp);
    },
  });
  registry.registerMetric(givenUp);
}

/** How much of large bodies is on its way from clients. */
export function measureReceiving(receiving: Receiving, registry: Registry): void {
  gauge(registry, 'receiving_bytes', 'Bytes of large bodies that clients have announced', () => receiving.bytes);
  byBound(registry, 'receiving_refused_total', 'Bodies refused as too many came at once', receiving.refused);
}

/** How many connections are open, and were one too many. */
export function measureConnections(connections: Connections, registry: Registry): void {
  gauge(registry, 'connections_open', 'Connections of clients', () => connections.open);
  byBound(registry, 'connections_refused_total', 'Connections closed', connections.refused);
}

/** How many requests wait for others of their address. */
export function measureWaiting(requests: ConcurrentRequests, registry: Registry): void {
  gauge(registry, 'requests_waiting', 'Requests that wait for others of their address', () => requests.waiting);
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const made = new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read());
    },
  });
  registry.registerMetric(made);
}

function byBound(registry: Registry, name: string, help: string, counts: Record<string, number>): void {
  const made = new Counter({
    name,
    help: `${help}, by the bound that they met`,
    labelNames: ['bound'],
    registers: [],
    collect() {
      this.reset();
      for (const [bound, count] of Object.entries(counts)) this.inc({ bound }, count);
    },
  });
  registry.registerMetric(made);
}
