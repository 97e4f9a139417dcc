/** An endpoint that takes down what it is sent, and answers as it is told. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  id: string;
  time: number;
  type: string;
  data: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Answers = (response: ServerResponse, received: Received, request: IncomingMessage) => void;

export const status =
  (code: number, headers: Record<string, string> = {}): Answers =>
  (response) =>
    void response.writeHead(code, headers).end();

/** Settings that let a worker reach endpoints of this machine. */
export const INWARD = { WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8', WEBHOOK_ALLOWED_PORTS: '1-65535' };

export class Receiver {
  readonly received: Received[] = [];
  connections = 0;
  answers: Answers;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    answers: Answers,
  ) {
    this.answers = answers;
    server.on('connection', (socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    server.on('request', this.take);
  }

  /** @param tls the certificate and the key of an endpoint that speaks https */
  static async startSecure(tls: { cert: Buffer; key: Buffer }): Promise<Receiver> {
    const receiver = new Receiver(createSecureServer(tls), status(204));
    await new Promise<void>((done) => receiver.server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  static async start(answers: Answers = status(204), port = 0, host = '127.0.0.1'): Promise<Receiver> {
    const receiver = new Receiver(createServer(), answers);
    await new Promise<void>((done) => receiver.server.listen(port, host, done));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** The ids of the rows that events of this type were about, in the order in which they came. */
  idsOf(type: string): number[] {
    return this.received.flatMap((one) => (one.type === type ? [one.data.id as number] : []));
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((done) => this.server.close(() => done()));
  }

  private readonly take: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => (body += part));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { headers } = request;
      const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>;
      const received = { id: headers['webhook-id'] as string, time: Date.now(), type, data, headers, body };
      this.received.push(received);
      this.answers(response, received, request);
    });
  };
}

/** Throws unless the message was signed with the secret, as the package of the standard says. */
export function verify(secret: string, { body, headers }: Received): void {
  new Webhook(secret).verify(body, headers as Record<string, string>);
}
