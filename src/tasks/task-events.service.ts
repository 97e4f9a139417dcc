import { Injectable } from '@nestjs/common';
import { Notifications } from '../platform/database/notifications.js';
import { TASKS_CHANGED } from './worker/task-changes.service.js';

// A proxy closes what is silent for a minute; a process that hears of no changes looks for itself.
const HEARTBEAT_MILLISECONDS = 15_000;
const LOOK_MILLISECONDS = 1_000;

type Wake = () => void;

/** Tells this process when a task changes, whichever worker runs it. */
@Injectable()
export class TaskEvents {
  private readonly waiting = new Map<number, Set<Wake>>();

  constructor(private readonly notifications: Notifications) {
    notifications.subscribe(TASKS_CHANGED, {
      heard: (ids) => this.wake(ids.split(',').map(Number)),
      missed: () => this.wake([...this.waiting.keys()]),
    });
  }

  /** Resolves when the task changes, when `signal` aborts, and after 15 s at the latest; sooner if nobody can be heard. */
  next(id: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const wakes = this.waiting.get(id) ?? new Set();
      this.waiting.set(id, wakes);
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        wakes.delete(wake);
        if (wakes.size === 0 && this.waiting.get(id) === wakes) this.waiting.delete(id);
        done();
      };
      const timer = setTimeout(wake, this.notifications.isListening ? HEARTBEAT_MILLISECONDS : LOOK_MILLISECONDS);
      signal.addEventListener('abort', wake, { once: true });
      wakes.add(wake);
      if (signal.aborted) wake();
    });
  }

  private wake(ids: number[]): void {
    for (const id of ids) this.waiting.get(id)?.forEach((wake) => wake());
  }
}
