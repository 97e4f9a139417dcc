/** What somebody with a few free accounts and one address can do to an API. */
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PREFIX } from './api.js';
import { type Received, send, type Sent } from './raw.js';

/** The address that all abuse comes from; on Linux every address of this network is the machine's own. */
export const ABUSER = '127.0.0.2';

const REFUSED_MILLISECONDS = 20;
const agents: Agent[] = [];
const sockets = new Set<Socket>();

/** One account of the abuser's, or nobody. */
export class Abuser {
  private readonly agent = new Agent({ keepAlive: true, localAddress: ABUSER });

  constructor(
    private readonly url: string,
    readonly username = '',
    readonly token?: string,
  ) {
    agents.push(this.agent);
  }

  /** Sends a request to a path under the prefix. */
  ask(method: string, path: string, body?: unknown): Promise<Received> {
    return this.send({ method, path: PREFIX + path, body });
  }

  send(sent: Sent): Promise<Received> {
    return send(this.url, { agent: this.agent, token: this.token, ...sent });
  }

  post(name: string, payload: object = {}): Promise<Received> {
    return this.ask('POST', '/tasks', { name, payload });
  }

  /** Sends requests again and again in so many lanes, as fast as they are answered; counts the answers by status. */
  async flood(milliseconds: number, lanes: number, make: (index: number) => Promise<Received>): Promise<Counted> {
    const counted: Counted = {};
    const end = Date.now() + milliseconds;
    let index = 0;
    const lane = async () => {
      while (Date.now() < end) {
        const status = await make(index++).then(
          (answer) => String(answer.status),
          (error: NodeJS.ErrnoException) => error.code ?? 'no answer',
        );
        counted[status] = (counted[status] ?? 0) + 1;
        // Else the suite would keep the machine that it shares with the API busy with refusals.
        if (!status.startsWith('2')) await sleep(REFUSED_MILLISECONDS);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return counted;
  }

  /** Asks for a page on connections of its own, `pipelined` times on each, and never reads what comes. */
  neverRead(path: string, connections: number, pipelined = 1): void {
    const { hostname, port } = new URL(this.url);
    const authorization = this.token ? `Authorization: Bearer ${this.token}\r\n` : '';
    const text = `GET ${PREFIX}${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${authorization}\r\n`.repeat(pipelined);
    for (let index = 0; index < connections; index++) {
      const socket = connect({ host: hostname, port: Number(port), localAddress: ABUSER });
      keep(socket).pause();
      socket.write(text);
    }
  }

  /** Opens an event stream; answers with its status, and tells when it has ended. */
  stream(path: string): Promise<{ status: number; ended: Promise<void> }> {
    const headers = { authorization: `Bearer ${this.token}` };
    const options = { path: PREFIX + path, headers, localAddress: ABUSER, agent: false } as const;
    return new Promise((done, fail) => {
      const asked = request(this.url, options, (answer) => {
        const ended = new Promise<void>((end) => answer.once('close', end).on('error', () => undefined));
        answer.resume();
        done({ status: answer.statusCode!, ended });
      });
      asked.once('socket', keep).once('error', fail).end();
    });
  }
}

export type Counted = Record<string, number>;

/** Ends every connection of every abuser. */
export function giveUp(): void {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

function keep(socket: Socket): Socket {
  sockets.add(socket);
  return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
}
