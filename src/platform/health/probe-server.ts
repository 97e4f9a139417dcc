import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isOwnHost, listen } from '../runtime/listen.js';
import { StartRefused } from '../runtime/start-refused.js';

export interface ProbeAnswer {
  status: number;
  /** A media type. */
  type: string;
  body: string;
}

/** The response to a GET of each path. */
export type ProbeRoutes = Record<string, () => ProbeAnswer | Promise<ProbeAnswer>>;

const NOT_FOUND: ProbeAnswer = { status: 404, type: 'application/json', body: '{"status":"not found"}' };

const LATER_SECONDS = '1';

/** What every answer to a probe comes with. */
export function headersOf({ status, type }: ProbeAnswer): Record<string, string> {
  return {
    'content-type': type,
    'cache-control': 'no-store',
    ...(status === 503 && { 'retry-after': LATER_SECONDS }),
  };
}

/** Answers the probes of an operator on a port of its own, which is not public. */
export class ProbeServer {
  private constructor(private readonly server: Server) {}

  static async listen(port: number, routes: ProbeRoutes): Promise<ProbeServer> {
    const answerTo = (path: string) => (Object.hasOwn(routes, path) ? routes[path]!() : NOT_FOUND);
    const server = createServer((request, response) => {
      const path = isOwnHost(request.headers.host) ? (request.url ?? '').split('?', 1)[0]! : '';
      void Promise.resolve(answerTo(path)).then((answer) =>
        response.writeHead(answer.status, headersOf(answer)).end(answer.body),
      );
    });
    const begin = (host: string) => once(server.listen(port, host), 'listening');
    await listen(server, begin).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? new StartRefused(`port ${port} is taken (METRICS_PORT)`) : error;
    });
    return new ProbeServer(server);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
