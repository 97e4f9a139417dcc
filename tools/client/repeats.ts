/** Requests that create something and get no answer are sent again, with a key by which the API lets them take effect once. */
import { TAKES_KEY } from './generated/takes-key.js';

const KEY = 'Idempotency-Key';
const TRIES = 3;
const KEY_BYTES = 16;
/** The API, or a proxy before it, cannot answer for now. */
const PASSING = new Set([502, 503, 504]);
const FIRST_WAIT_SECONDS = 0.5;
const LONGEST_WAIT_SECONDS = 10;

/** Like `send`, up to three times where that is safe. */
export async function sendUntilAnswered(
  request: Request,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== 'POST' || !TAKES_KEY.some((path) => path.test(pathname))) return send(request);
  if (!request.headers.has(KEY)) request.headers.set(KEY, newKey());
  for (let tries = 1; ; tries++) {
    const answer = await send(request.clone()).catch((error: unknown) => {
      if (tries === TRIES || request.signal.aborted) throw error;
    });
    const seconds = Number(answer?.headers.get('Retry-After') ?? FIRST_WAIT_SECONDS * tries);
    const isWorthIt = tries < TRIES && seconds <= LONGEST_WAIT_SECONDS;
    if (answer && !(isWorthIt && isPassing(answer))) return answer;
    await new Promise((done) => setTimeout(done, seconds * 1_000));
  }
}

/** Where somebody else still sends the same request, its 409 says when to try again. */
function isPassing({ status, headers }: Response): boolean {
  return PASSING.has(status) || (status === 409 && headers.has('Retry-After'));
}

/** `crypto.randomUUID` is only there on HTTPS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
