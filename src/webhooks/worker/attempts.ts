/** One attempt at a delivery: what is sent, and what follows from the answer. */
import { settingsOf } from '../../platform/config/settings.js';
import { AppConfig } from '../../platform/config/app.config.js';
import { signaturesOf } from '../secrets.js';
import type { DueDelivery } from './due-deliveries.service.js';
import { type Answer, type Endpoints, wordFor } from './endpoint.js';
import { secondsUntilNext } from './retries.js';
import type { Settlement } from './settlements.service.js';

const GONE = 410;

export async function attempt(endpoints: Endpoints, due: DueDelivery, signal: AbortSignal): Promise<Settlement> {
  const begun = new Date();
  const { status, retryAfter, error } = await answerOf(endpoints, due, begun, signal);
  const duration_ms = Math.max(0, Date.now() - begun.getTime());
  const record = { at: begun.toISOString(), response_status: status, error, duration_ms };
  return { attempt: record, ...consequenceOf(due, status, retryAfter, error) };
}

async function answerOf(
  endpoints: Endpoints,
  due: DueDelivery,
  begun: Date,
  signal: AbortSignal,
): Promise<{ status: number | null; retryAfter?: number; error: string | null }> {
  try {
    const answer: Answer = await endpoints.post(due.url, { ...messageOf(due, begun), signal });
    return { ...answer, error: null };
  } catch (error) {
    return { status: null, error: wordFor(error) };
  }
}

/** As https://www.standardwebhooks.com has it. The body is the same in each attempt. */
function messageOf({ message_id: id, type, payload, created_at, secrets }: DueDelivery, begun: Date) {
  const body = `{"type":${JSON.stringify(type)},"timestamp":"${created_at.toISOString()}","data":${payload}}`;
  const timestamp = Math.floor(begun.getTime() / 1_000);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': `${settingsOf(AppConfig).APP_NAME.replace(/[^\w.-]+/g, '-')} webhooks`,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signaturesOf({ id, timestamp, body }, secrets),
  };
  return { headers, body };
}

function consequenceOf(
  due: DueDelivery,
  status: number | null,
  retryAfter: number | undefined,
  error: string | null,
): Pick<Settlement, 'status' | 'reason' | 'wait' | 'isGone'> {
  if (status !== null && status >= 200 && status < 300) return { status: 'delivered' };
  const reason = error ?? `status_${status}`;
  if (status === GONE) return { status: 'dead', reason, isGone: true };
  const wait = secondsUntilNext(due.attempt_count + 1, retryAfter);
  return wait === undefined ? { status: 'dead', reason } : { status: 'pending', wait };
}
