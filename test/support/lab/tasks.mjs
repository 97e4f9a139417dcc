/** Tasks that only suites have. Each writes down when it begins an attempt, and when it has got through one. */
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { Sql } from '../../../dist/src/platform/database/sql.js';
import { NoPayload, Task } from '../../../dist/src/platform/queue/task.js';
import { Threads } from '../../../dist/src/platform/queue/threads.js';

const LAST_ATTEMPT = 3;
const QUICKLY = { attempts: LAST_ATTEMPT, backoff: { type: 'fixed', seconds: 0.05 } };
const NOT_JSON = {};
NOT_JSON.itself = NOT_JSON;

/** What tasks give that is hard to store. */
const RESULTS = {
  nothing: undefined,
  nul: { 'a key': 'a\0b' },
  surrogate: ['a\ud800b', '🔑'],
  nul_in_a_key: { 'a\0b': 1 },
  bigint: 1n,
  circle: NOT_JSON,
  symbol: Symbol('s'),
  false: false,
};

const ERRORS = {
  error: new Error('no luck'),
  nul: new Error('a\0b'),
  surrogate: new Error('a\ud800b'),
  text: 'only text',
  nothing: undefined,
};

class Kind {}
IsIn([...Object.keys(RESULTS), ...Object.keys(ERRORS)])(Kind.prototype, 'kind');
class Pause {}
IsOptional()(Pause.prototype, 'milliseconds');
IsInt()(Pause.prototype, 'milliseconds');
class Words {}
IsString()(Words.prototype, 'text');
IsBoolean()(Words.prototype, 'fails');

export const labTasks = [];

function define(name, payload, options, run) {
  class LabTask {
    constructor(sql, threads) {
      this.sql = sql;
      this.threads = threads;
    }

    async run(given, context) {
      const { rows } = await this.sql.query(
        'INSERT INTO lab_run (task_id, name, attempt) VALUES ($1, $2, $3) RETURNING id',
        [context.task_id, name, context.attempt],
      );
      const result = await run.call(this, given, context);
      await this.sql.query('UPDATE lab_run SET ended_at = clock_timestamp() WHERE id = $1', [rows[0].id]);
      return result;
    }

    effect({ task_id }) {
      return this.sql.query('INSERT INTO lab_effect (task_id) VALUES ($1)', [task_id]);
    }
  }
  Reflect.defineMetadata('design:paramtypes', [Sql, Threads], LabTask);
  Task(name, payload, { public: true, ...options })(LabTask);
  labTasks.push(LabTask);
}

function throws(error) {
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

define('lab_healed', NoPayload, { attempts: 1 }, async function (_, { task_id }) {
  const { rowCount } = await this.sql.query('SELECT 1 FROM lab_effect WHERE task_id = $1', [task_id]);
  return rowCount ? 'done' : throws(ERRORS.error);
});

define('lab_once', NoPayload, QUICKLY, async function (_, context) {
  const { attempt, once } = context;
  const given = await once(() => this.effect(context).then(() => 'mine'));
  const other = await once(() => this.effect(context).then(() => 'mine too'), 'other');
  return attempt < LAST_ATTEMPT ? throws(ERRORS.error) : { given: given ?? null, other: other ?? null };
});

define('lab_once_fails', NoPayload, QUICKLY, function (_, context) {
  return context.once(async () => {
    await this.effect(context);
    return context.attempt < LAST_ATTEMPT ? throws(ERRORS.error) : 'mine';
  });
});

define('lab_echo', Words, { attempts: 1 }, ({ text, fails }, { owner_user_id }) =>
  fails ? throws(new Error(text)) : { owner_user_id, text },
);

/** Listens to nobody, and tries to have an effect all the time. */
define('lab_stubborn', NoPayload, {}, async function (_, context) {
  for (let step = 1; step < 300; step++) {
    await sleep(20);
    context.progress(50 + (step % 50));
    await context.once(() => this.effect(context), `step ${step}`).catch(() => undefined);
  }
});

/** Has an effect that takes so long, in one transaction. */
define('lab_slow_effect', Pause, {}, function (_, context) {
  return context.once(async () => {
    await this.effect(context);
    await sleep(1_000);
  });
});

define('lab_hungry', NoPayload, {}, function (_, { signal }) {
  return this.threads.run(new URL('./hungry.thread.mjs', import.meta.url), 'eat', null, signal);
});

if (process.env.LAB_SCHEDULE) define('lab_scheduled', NoPayload, { schedule: process.env.LAB_SCHEDULE }, () => 'done');
if (process.env.LAB_TWIN) define('lab_urgent', NoPayload, {}, () => 'done');
