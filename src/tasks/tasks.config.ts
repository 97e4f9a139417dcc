import { IsInt, Max, Min } from 'class-validator';
import { Settings } from '../platform/config/settings.js';

/** Limits on the tasks of one user; 0 turns a limit off. */
@Settings()
export class TasksConfig {
  /** Of those that wait or run: more are refused. */
  @IsInt() @Min(0) @Max(1_000_000) TASKS_MAX_PER_OWNER = 100;
  /** Of those that the queue knows: the rest waits for its turn. */
  @IsInt() @Min(0) @Max(1_000_000) TASKS_MAX_RUNNING_PER_OWNER = 2;
  /** Of those that have ended: the oldest are deleted. */
  @IsInt() @Min(0) @Max(1_000_000) TASKS_MAX_KEPT_PER_OWNER = 1_000;
}
