/** A mail server that takes down what it is handed, and refuses it as it is told. */
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Received {
  from: string;
  to: string[];
  /** Unfolded, by their names in lower case, in their order. */
  headers: [name: string, value: string][];
  body: string;
  isSecure: boolean;
  user: string | undefined;
}

/** What it says at each step: nothing for yes. */
export interface Refusals {
  greeting?: SmtpRefusal | 'hang' | 'hang up';
  from?: SmtpRefusal;
  to?: SmtpRefusal;
  data?: SmtpRefusal | 'hang up';
}

export class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message = `refused <somebody@example.com>`,
  ) {
    super(message);
  }
}

export class MailServer {
  readonly received: Received[] = [];
  refusals: Refusals = {};
  connections = 0;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      onAuth: ({ username, password }, _, done) =>
        password === 'right' ? done(null, { user: username }) : done(new SmtpRefusal(535)),
      ...options,
    });
    this.server.onConnect = (_, done) => this.greet(done);
    this.server.onMailFrom = (_, _session, done) => done(this.refusals.from);
    this.server.onRcptTo = (_, _session, done) => done(this.refusals.to);
    this.server.onData = (stream, { envelope, secure, user }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (this.refusals.data === 'hang up') return this.hangUp();
        if (this.refusals.data) return done(this.refusals.data);
        const { mailFrom, rcptTo } = envelope;
        const parts = partsOf(Buffer.concat(chunks).toString());
        const to = rcptTo.map(({ address }) => address);
        this.received.push({ from: mailFrom ? mailFrom.address : '', to, ...parts, isSecure: secure, user });
        done();
      });
    };
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  private readonly sockets = new Set<Socket>();

  /** Without `tls`, there is neither TLS nor STARTTLS. */
  static async start(tls?: { cert: Buffer; key: Buffer; secure?: boolean }, port = 0): Promise<MailServer> {
    const mails = new MailServer(tls ?? { disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    await new Promise<void>((done) => mails.server.listen(port, '127.0.0.1', () => done()));
    return mails;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  to(address: string): Received[] {
    return this.received.filter(({ to }) => to.includes(address));
  }

  /** Whether somebody is connected. */
  get isBusy(): boolean {
    return this.sockets.size > 0;
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): Promise<void> {
    this.hangUp();
    return new Promise((done) => this.server.close(() => done()));
  }

  private greet(done: (error?: Error) => void): void {
    const { greeting } = this.refusals;
    if (greeting === 'hang') return;
    if (greeting === 'hang up') this.hangUp();
    else done(greeting);
  }
}

export const headerOf = ({ headers }: Received, name: string): string[] =>
  headers.flatMap(([known, value]) => (known === name ? [value] : []));

function partsOf(message: string): Pick<Received, 'headers' | 'body'> {
  const end = message.indexOf('\r\n\r\n');
  const lines = message
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers, body: message.slice(end + 4) };
}
