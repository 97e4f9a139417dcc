/** A name server that answers what it is told, to each question anew. */
import { createSocket, type Socket } from 'node:dgram';
import ipaddr from 'ipaddr.js';

const HEADER_BYTES = 12;
// A pointer to the name of the question.
const NAME = Buffer.from([0xc0, HEADER_BYTES]);
const TYPES: Record<number, 'ipv4' | 'ipv6'> = { 1: 'ipv4', 28: 'ipv6' };

export class NameServer {
  /** How often each name was asked for. */
  readonly asked = new Map<string, number>();

  private constructor(
    private readonly socket: Socket,
    private readonly addresses: (name: string, nth: number) => string[],
  ) {
    socket.on('message', (question, { port, address }) => socket.send(this.answer(question), port, address));
  }

  /** @param addresses what a name leads to when it is asked for the `nth` time, from 1 */
  static async start(addresses: (name: string, nth: number) => string[]): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    return new NameServer(socket, addresses);
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  private answer(message: Buffer): Buffer {
    const { name, end } = nameIn(message);
    const kind = TYPES[message.readUInt16BE(end)];
    // The two kinds of address are asked for together, and are one question here.
    const nth = (this.asked.get(name) ?? 0) + (kind === 'ipv4' ? 1 : 0);
    this.asked.set(name, nth);
    const found = this.addresses(name, Math.max(1, nth)).map((text) => ipaddr.parse(text));
    const records = found.filter((one) => one.kind() === kind).map((one) => recordOf(one.toByteArray()));
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt16BE(message.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, message.subarray(HEADER_BYTES, end + 4), ...records]);
  }
}

function nameIn(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** Type, class IN, no time to live. */
function recordOf(bytes: number[]): Buffer {
  const fixed = Buffer.from([0, bytes.length === 4 ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
  return Buffer.concat([NAME, fixed, Buffer.from(bytes)]);
}
