import { Injectable } from '@nestjs/common';
import type { Crud } from '../database/crud.js';
import { InjectCrud } from '../database/database.module.js';
import { Shutdown } from '../health/shutdown.js';
import type { Caller } from '../http/caller.js';
import { TaskEvents } from './task-events.service.js';
import { TaskRecord } from './task.entity.js';
import { TaskState } from './tasks.dto.js';
import { ENDED, visible } from './tasks.service.js';

const RECONNECT_MILLISECONDS = 1_000;
const HEARTBEAT = ':\n\n';

interface Listener {
  /** The `id` of the last event that the client has got, in an earlier stream. */
  lastEventId?: string;
  /** Aborted when the client has gone, or has to. */
  gone: AbortController;
}

/** Server-sent events of one task (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
@Injectable()
export class TaskStream {
  constructor(
    @InjectCrud(TaskRecord) private readonly tasks: Crud<TaskRecord>,
    private readonly events: TaskEvents,
    private readonly shutdown: Shutdown,
  ) {}

  /**
   * An event `state` for each state of the task that the client has not seen, as JSON of the same fields as its
   * resource, and `end` with the last one. Whoever reads slowly misses states in between: only the current one is kept.
   * When this process stops, clients come back by themselves, to another one.
   */
  async *of(id: number, caller: Caller, { lastEventId, gone }: Listener): AsyncGenerator<string> {
    const { signal } = this.shutdown;
    const end = () => gone.abort();
    if (signal.aborted) end();
    // In Node 20 the signal of a process would hold on to each that AbortSignal.any() makes of it.
    signal.addEventListener('abort', end);
    try {
      yield* this.states(id, caller, lastEventId, gone.signal);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  private async *states(
    id: number,
    caller: Caller,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    let seen = Number(lastEventId) || 0;
    yield `retry: ${RECONNECT_MILLISECONDS}\n\n`;
    while (!signal.aborted) {
      // Before the state is read, as it may change in between.
      const changed = this.events.next(id, signal);
      const task = await this.tasks.get(visible(id, caller), TaskState);
      if (!task) return;
      const { version, ...state } = task;
      const hasEnded = ENDED.includes(task.status);
      if (version !== seen || hasEnded) {
        seen = version;
        yield `id: ${version}\nevent: ${hasEnded ? 'end' : 'state'}\ndata: ${JSON.stringify(state)}\n\n`;
      } else yield HEARTBEAT;
      if (hasEnded) return;
      await changed;
    }
  }
}
