import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_JSON, type Problem } from './problem.js';
import { securityHeaders } from '../responses/security-headers.js';

/** Answers where there is no request to answer, and ends the connection. */
export function endWithProblem(
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
