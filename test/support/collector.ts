/** What takes traces: OTLP over HTTP, as JSON (https://opentelemetry.io/docs/specs/otlp). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Span {
  service: string;
  name: string;
  kind: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, string | number>;
  isError: boolean;
}

interface Value {
  stringValue?: string;
  intValue?: number;
}
interface Attribute {
  key: string;
  value: Value;
}
interface Body {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Omit<Span, 'kind' | 'attributes'> & {
        kind: number;
        attributes: Attribute[];
        status: { code: number };
      })[];
    }[];
  }[];
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const ERROR = 2;

export class Collector {
  readonly spans: Span[] = [];
  /** All that it was sent, as it came. */
  received = '';
  /** Takes what comes, and says nothing to it. */
  isSilent = false;
  private server?: Server;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => void this.take(request, response));
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (this.isSilent) return;
    this.received += body;
    if (request.url === '/v1/traces') this.spans.push(...spansOf(JSON.parse(body) as Body));
    response.setHeader('content-type', 'application/json').end('{}');
  }
}

function spansOf({ resourceSpans }: Body): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ kind, attributes, status, ...span }) => ({
        ...span,
        service,
        kind: KINDS[kind]!,
        attributes: valuesOf(attributes),
        isError: status.code === ERROR,
      })),
    );
  });
}

function valuesOf(attributes: Attribute[]): Span['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? JSON.stringify(value)]),
  );
}
