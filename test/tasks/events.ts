/** Server-sent events of a task, as a browser's EventSource reads them. */
import { get, type IncomingMessage } from 'node:http';
import type { User } from '../support/api.js';
import { type Received, send } from '../support/raw.js';
import type { Task } from './watch.js';

export interface TaskEvent {
  id: number;
  event: string;
  data: Task;
}

export function parse(text: string): TaskEvent[] {
  const blocks = text.split('\n\n').filter((block) => block.includes('data:'));
  return blocks.map((block) => {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    return { id: Number(fields.id), event: fields.event!, data: JSON.parse(fields.data!) as Task };
  });
}

/** The whole stream, once the server has closed it. */
export async function follow(
  url: string,
  path: string,
  { token }: User,
  lastEventId?: number,
): Promise<{ answer: Received; events: TaskEvent[] }> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
  const answer = await send(url, { path: `${path}/events`, token, headers });
  expect(answer.status).toBe(200);
  return { answer, events: parse(answer.text) };
}

export interface Stream {
  answer: IncomingMessage;
  text(): string;
  closed: Promise<void>;
}

/** A stream that stays open. */
export async function open(url: string, path: string, { token }: User, lastEventId = ''): Promise<Stream> {
  const headers = { authorization: `Bearer ${token}`, 'last-event-id': lastEventId };
  const answer = await new Promise<IncomingMessage>((done, fail) => {
    get(`${url}${path}/events`, { headers, agent: false }, done).once('error', fail);
  });
  let text = '';
  answer.setEncoding('utf8').on('data', (part: string) => (text += part));
  answer.on('error', () => undefined);
  return { answer, text: () => text, closed: new Promise((done) => answer.once('close', () => done())) };
}
