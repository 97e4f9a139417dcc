import { METHODS, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { endWithProblem } from './socket-problem.js';

const STATUSES: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers data that Node cannot read as HTTP, and that so never becomes a request, with problem details. */
export function refuseUnreadableRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = STATUSES[error.code ?? ''] ?? 400;
  endWithProblem(socket, { status, detail: 'The request could not be read as HTTP.', code: 'malformed_request' });
}

/** Answers clients that use the API as a proxy; Node would hang up. */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_, socket) => {
    socket.on('error', () => socket.destroy());
    const problem = { status: 405, detail: 'This server does not open tunnels.', code: 'method_not_allowed' };
    endWithProblem(socket, problem, [`Allow: ${METHODS.filter((method) => method !== 'CONNECT').join(', ')}`]);
  });
}
