/** Writes down what a program sends to PostgreSQL, by standing between them. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface SentStatement {
  text: string;
  /** As text, in the order of the placeholders. */
  values: (string | null)[];
}

export interface Wire {
  /** The same database, by way of here. */
  through: (databaseUrl: string) => string;
  /** What has been sent for execution since the last call; connections for notifications only keep themselves alive. */
  take: () => SentStatement[];
  close: () => Promise<void>;
}

export async function listenIn(): Promise<Wire> {
  const target = new URL(process.env.TEST_SERVER_URL!);
  const sockets = new Set<Socket>();
  let sent: SentStatement[] = [];
  const server: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const reader = new Reader((statement) => sent.push(statement));
    near.on('data', (data) => reader.read(data));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one) && other.destroy());
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return {
    through(databaseUrl) {
      const url = new URL(databaseUrl);
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    take() {
      const taken = sent;
      sent = [];
      return taken;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

const LENGTH_BYTES = 4;

/** Reads what a client sends (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
class Reader {
  private pending = Buffer.alloc(0);
  private hasBegun = false;
  private isIgnored = false;
  private readonly prepared = new Map<string, string>();
  private bound: SentStatement = { text: '', values: [] };

  constructor(private readonly tell: (statement: SentStatement) => void) {}

  read(data: Buffer): void {
    this.pending = Buffer.concat([this.pending, data]);
    for (;;) {
      // Only the first message has no type.
      const start = this.hasBegun ? 1 : 0;
      if (this.pending.length < start + LENGTH_BYTES) return;
      const end = start + this.pending.readInt32BE(start);
      if (this.pending.length < end) return;
      const body = new Fields(this.pending.subarray(start + LENGTH_BYTES, end));
      if (this.hasBegun) this.message(String.fromCharCode(this.pending[0]!), body);
      else this.isIgnored = body.rest().includes('(notifications)');
      this.hasBegun = true;
      this.pending = this.pending.subarray(end);
    }
  }

  private message(type: string, body: Fields): void {
    if (type === 'P') this.prepared.set(body.text(), body.text());
    else if (type === 'B') this.bound = this.bind(body);
    else if (type === 'E') this.execute(this.bound);
    else if (type === 'Q') this.execute({ text: body.text(), values: [] });
  }

  private bind(body: Fields): SentStatement {
    body.text();
    const text = this.prepared.get(body.text()) ?? '';
    for (let formats = body.int16(); formats > 0; formats--) body.int16();
    return { text, values: Array.from({ length: body.int16() }, () => body.value()) };
  }

  private execute(statement: SentStatement): void {
    if (!this.isIgnored) this.tell(statement);
  }
}

/** The parts of one message, in turn. */
class Fields {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  value(): string | null {
    const length = this.bytes.readInt32BE(this.at);
    this.at += LENGTH_BYTES;
    if (length < 0) return null;
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  rest(): string {
    return this.bytes.toString('utf8', this.at);
  }
}
