/** Writes down what a program sends to PostgreSQL, by standing between them. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Wire {
  /** The same database, by way of here. */
  through: (databaseUrl: string) => string;
  /** What was sent for execution since the last call; connections for notifications only keep themselves alive. */
  statements: () => string[];
  /** What the server remarked since the last call. */
  notices: () => string[];
  close: () => Promise<void>;
}

export async function listenIn(): Promise<Wire> {
  const target = new URL(process.env.TEST_SERVER_URL!);
  const sockets = new Set<Socket>();
  const statements: string[] = [];
  const notices: string[] = [];
  const server: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const asked = new Asked((statement) => statements.push(statement));
    const answered = new Answered((notice) => notices.push(notice));
    near.on('data', (data) => asked.read(data));
    far.on('data', (data) => answered.read(data));
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
    statements: () => statements.splice(0),
    notices: () => notices.splice(0),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

const LENGTH_BYTES = 4;

/** Cuts a stream into messages (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
abstract class Reader {
  private pending = Buffer.alloc(0);

  /** @param hasType whether the next message begins with its type, as all but the first of a client do */
  constructor(private hasType: boolean) {}

  read(data: Buffer): void {
    this.pending = Buffer.concat([this.pending, data]);
    for (;;) {
      const start = this.hasType ? 1 : 0;
      if (this.pending.length < start + LENGTH_BYTES) return;
      const end = start + this.pending.readInt32BE(start);
      if (this.pending.length < end) return;
      const type = this.hasType ? String.fromCharCode(this.pending[0]!) : undefined;
      this.message(type, this.pending.toString('utf8', start + LENGTH_BYTES, end).split('\0'));
      this.hasType = true;
      this.pending = this.pending.subarray(end);
    }
  }

  protected abstract message(type: string | undefined, texts: string[]): void;
}

class Asked extends Reader {
  private isIgnored = false;
  private readonly prepared = new Map<string, string>();
  private bound = '';

  constructor(private readonly tell: (statement: string) => void) {
    super(false);
  }

  protected message(type: string | undefined, [first = '', second = '', ...more]: string[]): void {
    if (type === undefined) this.isIgnored = [first, second, ...more].some((text) => text.endsWith('(notifications)'));
    else if (type === 'P') this.prepared.set(first, second);
    else if (type === 'B') this.bound = this.prepared.get(second)!;
    else if ((type === 'E' || type === 'Q') && !this.isIgnored) this.tell(type === 'E' ? this.bound : first);
  }
}

class Answered extends Reader {
  constructor(private readonly tell: (notice: string) => void) {
    super(true);
  }

  protected message(type: string | undefined, fields: string[]): void {
    const text = type === 'N' && fields.find((field) => field.startsWith('M'));
    if (text) this.tell(text.slice(1));
  }
}
