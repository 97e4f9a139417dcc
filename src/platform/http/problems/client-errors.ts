import { randomUUID } from 'node:crypto';
import { METHODS, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_JSON, type Problem } from './problem.js';
import { securityHeaders } from '../responses/security-headers.js';

const STATUSES: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers data that Node cannot read as HTTP, and that so never becomes a request, with problem details. */
export function refuseUnreadableRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = STATUSES[error.code ?? ''] ?? 400;
  end(socket, { status, detail: 'The request could not be read as HTTP.', code: 'malformed_request' });
}

/** Answers clients that use the API as a proxy; Node would hang up. */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_, socket) => {
    socket.on('error', () => socket.destroy());
    const problem = { status: 405, detail: 'This server does not open tunnels.', code: 'method_not_allowed' };
    end(socket, problem, [`Allow: ${METHODS.filter((method) => method !== 'CONNECT').join(', ')}`]);
  });
}

function end(
  socket: Duplex,
  { status, detail, code }: Pick<Problem, 'status' | 'detail' | 'code'>,
  more: string[] = [],
): void {
  const title = STATUS_CODES[status]!;
  const request_id = randomUUID();
  const problem: Problem = { type: 'about:blank', title, status, detail, instance: '', code, request_id };
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${request_id}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...more,
    ...Object.entries(securityHeaders()).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
