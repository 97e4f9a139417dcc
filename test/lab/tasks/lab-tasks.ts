/** Tasks that only suites have. Each writes down when it begins an attempt, and when it has got through one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { Sql } from '../../../src/platform/database/sql.js';
import {
  NoPayload,
  type RunsTask,
  Task,
  type TaskContext,
  type TaskOptions,
} from '../../../src/platform/queue/task.js';
import { Threads } from '../../../src/platform/queue/threads.js';

const LAST_ATTEMPT = 3;
const QUICKLY: TaskOptions = { attempts: LAST_ATTEMPT, backoff: { type: 'fixed', seconds: 0.05 } };
const NOT_JSON: Record<string, unknown> = {};
NOT_JSON.itself = NOT_JSON;

/** What tasks give that is hard to store. */
const RESULTS: Record<string, unknown> = {
  nothing: undefined,
  nul: { 'a key': 'a\0b' },
  surrogate: ['a\ud800b', '🔑'],
  nul_in_a_key: { 'a\0b': 1 },
  bigint: 1n,
  circle: NOT_JSON,
  symbol: Symbol('s'),
  false: false,
};

const ERRORS: Record<string, unknown> = {
  error: new Error('no luck'),
  nul: new Error('a\0b'),
  surrogate: new Error('a\ud800b'),
  text: 'only text',
  nothing: undefined,
};

class Kind {
  @IsIn([...Object.keys(RESULTS), ...Object.keys(ERRORS)]) kind!: string;
}

class Pause {
  @IsOptional() @IsInt() milliseconds?: number;
}

class Words {
  @IsString() text!: string;
  @IsBoolean() fails!: boolean;
}

/** What the tasks work with. */
interface Tools {
  sql: Sql;
  threads: Threads;
  /** An effect that is counted. */
  effect: (context: TaskContext) => Promise<unknown>;
}

export const labTasks: Type<RunsTask>[] = [];

function define<P extends object>(
  name: string,
  payload: new () => P,
  options: TaskOptions,
  run: (payload: P, context: TaskContext, tools: Tools) => unknown,
): void {
  @Task(name, payload, { public: true, ...options })
  class LabTask implements RunsTask<P> {
    constructor(
      private readonly sql: Sql,
      private readonly threads: Threads,
    ) {}

    async run(given: P, context: TaskContext): Promise<unknown> {
      const { sql, threads } = this;
      const { rows } = await sql.query<{ id: number }>(
        'INSERT INTO lab_run (task_id, name, attempt) VALUES ($1, $2, $3) RETURNING id',
        [context.task_id, name, context.attempt],
      );
      const effect = ({ task_id }: TaskContext) => sql.query('INSERT INTO lab_effect (task_id) VALUES ($1)', [task_id]);
      const result = await run(given, context, { sql, threads, effect });
      await sql.query('UPDATE lab_run SET ended_at = clock_timestamp() WHERE id = $1', [rows[0]!.id]);
      return result;
    }
  }
  labTasks.push(LabTask);
}

function throws(error: unknown): never {
  throw error;
}

define('lab_pauses', Pause, {}, ({ milliseconds = 0 }) => sleep(milliseconds));
define('lab_alone', Pause, { concurrency: 1 }, ({ milliseconds = 0 }) => sleep(milliseconds));
define('lab_urgent', NoPayload, { priority: 1 }, () => 'done');
define('lab_less_urgent', NoPayload, { priority: 2 }, () => 'done');
define('lab_fixed', NoPayload, { attempts: 4, backoff: { type: 'fixed', seconds: 1 } }, () => throws(ERRORS.error));
define('lab_fails', Kind, { attempts: 1 }, ({ kind }) => throws(ERRORS[kind]));
define('lab_gives', Kind, { attempts: 1 }, ({ kind }) => RESULTS[kind]);
define('lab_late', NoPayload, { attempts: 1, timeout: 1 }, (_, { signal }) => sleep(60_000, null, { signal }));
define('lab_deaf', NoPayload, { attempts: 1, timeout: 1 }, () => sleep(5_000));
define('lab_short_lived', NoPayload, { retention: { completed: 1 } }, () => 'done');

define('lab_healed', NoPayload, { attempts: 1 }, async (_, { task_id }, { sql }) => {
  const { rowCount } = await sql.query('SELECT 1 FROM lab_effect WHERE task_id = $1', [task_id]);
  return rowCount ? 'done' : throws(ERRORS.error);
});

define('lab_once', NoPayload, QUICKLY, async (_, context, { effect }) => {
  const given = await context.once(() => effect(context).then(() => 'mine'));
  const other = await context.once(() => effect(context).then(() => 'mine too'), 'other');
  return context.attempt < LAST_ATTEMPT ? throws(ERRORS.error) : { given: given ?? null, other: other ?? null };
});

define('lab_once_fails', NoPayload, QUICKLY, (_, context, { effect }) =>
  context.once(async () => {
    await effect(context);
    return context.attempt < LAST_ATTEMPT ? throws(ERRORS.error) : 'mine';
  }),
);

define('lab_echo', Words, { attempts: 1 }, ({ text, fails }, { owner_user_id }) =>
  fails ? throws(new Error(text)) : { owner_user_id, text },
);

/** Listens to nobody, and tries to have an effect all the time. */
define('lab_stubborn', NoPayload, {}, async (_, context, { effect }) => {
  for (let step = 1; step < 300; step++) {
    await sleep(20);
    context.progress(50 + (step % 50));
    await context.once(() => effect(context), `step ${step}`).catch(() => undefined);
  }
});

/** Has an effect that takes so long, in one transaction. */
define('lab_slow_effect', Pause, {}, (_, context, { effect }) =>
  context.once(async () => {
    await effect(context);
    await sleep(1_000);
  }),
);

define('lab_hungry', NoPayload, {}, (_, { signal }, { threads }) =>
  threads.run(new URL('./hungry.thread.js', import.meta.url), 'eat', null, signal),
);

define('lab_busy', Pause, {}, ({ milliseconds = 0 }, { signal }, { threads }) =>
  threads.run(new URL('./busy.thread.js', import.meta.url), 'work', milliseconds, signal),
);

const { LAB_SCHEDULE, LAB_TWIN } = process.env;
if (LAB_SCHEDULE) define('lab_scheduled', NoPayload, { schedule: LAB_SCHEDULE }, () => 'done');
if (LAB_TWIN) define('lab_urgent', NoPayload, {}, () => 'done');
