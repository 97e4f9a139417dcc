/** Server-sent events of a task, as a browser's EventSource reads them. */
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { type Api, PREFIX, type User } from '../support/api.js';
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

/** A task that no worker knows of; its path. */
export async function addQuietTask({ database }: Api, { id }: Pick<User, 'id'>): Promise<string> {
  const [row] = await database.query<{ id: number }>(
    `INSERT INTO task (name, payload, owner_user_id, status, relayed_at) VALUES ('sample', '{}', $1, 'active', now())
     RETURNING id::int`,
    [id],
  );
  return `${PREFIX}/tasks/${row!.id}`;
}

/** Changes a task as a worker does. */
export async function changeTask({ database }: Api, path: string, changes: string): Promise<void> {
  await database.query(
    `WITH changed AS (UPDATE task SET ${changes}, version = version + 1 WHERE id = $1 RETURNING id)
     SELECT pg_notify('tasks_changed', id::text) FROM changed`,
    [path.split('/').at(-1)],
  );
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
export async function open(
  url: string,
  path: string,
  { token }: Pick<User, 'token'>,
  lastEventId = '',
  more: OutgoingHttpHeaders = {},
): Promise<Stream> {
  const headers = { authorization: `Bearer ${token}`, 'last-event-id': lastEventId, ...more };
  const answer = await new Promise<IncomingMessage>((done, fail) => {
    get(`${url}${path}/events`, { headers, agent: false }, done).once('error', fail);
  });
  let text = '';
  answer.setEncoding('utf8').on('data', (part: string) => (text += part));
  answer.on('error', () => undefined);
  return { answer, text: () => text, closed: new Promise((done) => answer.once('close', () => done())) };
}
