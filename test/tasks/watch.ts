import { setTimeout as sleep } from 'node:timers/promises';
import type { User } from '../support/api.js';

const POLL_MILLISECONDS = 10;
const PATIENCE_MILLISECONDS = 40_000;

export interface Task {
  id: number;
  name: string;
  status: string;
  progress: number;
  attempts: number;
  result: unknown;
  error: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** Every state of a task that polling shows until it has ended. */
export async function watch(user: User, path: string): Promise<Task[]> {
  const seen: Task[] = [];
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; Date.now() < deadline; await sleep(POLL_MILLISECONDS)) {
    const { body } = await user.agent.get(path).expect(200);
    seen.push(body);
    if (['completed', 'failed', 'cancelled'].includes(body.status)) return seen;
  }
  throw new Error(`${path} has not ended: ${JSON.stringify(seen.at(-1))}`);
}

/** A task as it is when it has ended. */
export async function ended(user: User, path: string): Promise<Task> {
  return (await watch(user, path)).at(-1)!;
}
