import { Injectable } from '@nestjs/common';
import { CallersService } from '../auth/access/callers.service.js';
import type { Crud } from '../platform/database/crud/crud.js';
import { InjectCrud } from '../platform/database/database.module.js';
import type { Caller } from '../platform/http/access/caller.js';
import { TaskEvents } from './task-events.service.js';
import { TaskRecord } from './task.entity.js';
import { TaskState } from './tasks.dto.js';
import { ENDED, visible } from './tasks.service.js';

const RECONNECT_MILLISECONDS = 1_000;
const HEARTBEAT = ':\n\n';

interface Listener {
  /** The `id` of the last event that the client has got, in an earlier stream. */
  lastEventId?: string;
  /** Aborted when the stream has to end. */
  signal: AbortSignal;
}

/** Server-sent events of one task (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
@Injectable()
export class TaskStream {
  constructor(
    @InjectCrud(TaskRecord) private readonly tasks: Crud<TaskRecord>,
    private readonly events: TaskEvents,
    private readonly callers: CallersService,
  ) {}

  /**
   * An event `state` for each state of the task that the client has not seen, as JSON of the same fields as its
   * resource, and `end` with the last one. Whoever reads slowly misses states in between: only the current one is kept.
   * When `signal` ends it before, clients come back by themselves.
   */
  async *of(id: number, caller: Caller, { lastEventId, signal }: Listener): AsyncGenerator<string> {
    let seen = Number(lastEventId) || 0;
    yield `retry: ${RECONNECT_MILLISECONDS}\n\n`;
    while (!signal.aborted) {
      // Before the state is read, as it may change in between.
      const changed = this.events.next(id, signal);
      // A process that hears of no changes asks each time.
      if (!(await this.callers.isStill(caller))) return;
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
