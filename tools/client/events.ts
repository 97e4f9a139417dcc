/** Server-sent events that go on after the connection was cut (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { Client, RequestOptions } from './generated/client/index.js';
import { isProblem } from './problems.js';

/** What the API calls the last event of a stream that is complete. */
const LAST = 'end';
const PASSING = new Set([0, 429, 503]);
const RECONNECT_MILLISECONDS = 1_000;

export type EventRequest = Omit<RequestOptions, 'method'>;

interface Fields {
  id?: string;
  event?: string;
  data?: string;
  retry?: string;
}

/** The data of each event, until the last one or `signal` of the options; a problem that stays is thrown. */
export async function* eventsOf(client: Client, options: EventRequest): AsyncGenerator<unknown, void> {
  const headers = new Headers(options.headers as HeadersInit);
  let wait = RECONNECT_MILLISECONDS;
  for (;;) {
    try {
      for await (const { id, event, data, retry } of eventsIn(await open(client, { ...options, headers }))) {
        if (id) headers.set('Last-Event-ID', id);
        if (retry) wait = Number(retry);
        if (data) yield JSON.parse(data);
        if (event === LAST) return;
      }
    } catch (error) {
      if (isProblem(error) && !PASSING.has(error.status)) throw error;
    }
    if (options.signal?.aborted) return;
    await pause(wait, options.signal);
  }
}

async function open(client: Client, options: EventRequest): Promise<ReadableStream<Uint8Array>> {
  const { data } = await client.get({ ...options, parseAs: 'stream', responseStyle: 'fields', throwOnError: true });
  return data as ReadableStream<Uint8Array>;
}

async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Fields, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = events.pop()!;
      yield* events.map(fieldsOf);
    }
  } finally {
    // Of a stream that nobody reads any more, the connection would stay open.
    await reader.cancel().catch(() => undefined);
  }
}

const fieldsOf = (event: string): Fields =>
  Object.fromEntries(event.split('\n').map((line) => line.split(/: ?(.*)/, 2) as [string, string]));

function pause(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}
