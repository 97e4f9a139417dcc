/** The tasks of the fault suites, decorated by hand as nothing compiles them. Each run is a line in the file LAB_RUNS. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Module } from '@nestjs/common';
import { IsInt } from 'class-validator';
import { Sql } from '../../dist/src/platform/database/sql.js';
import { Task } from '../../dist/src/platform/queue/task.js';

const BLOCK_MILLISECONDS = 60_000;
const QUICK = { type: 'fixed', seconds: 0.2 };

class LabPayload {}
for (const field of ['n', 'milliseconds']) IsInt()(LabPayload.prototype, field);

/** Has its effect half-way: who dies before it has none, who dies after it must not have another one. */
class LedgerTask {
  constructor(sql) {
    this.sql = sql;
  }

  async run({ n, milliseconds }, { signal, once }) {
    note('ledger', n);
    await sleep(milliseconds / 2, undefined, { signal });
    await once(() => this.sql.query('INSERT INTO lab.effect (n) VALUES ($1)', [n]));
    await sleep(milliseconds / 2, undefined, { signal });
    return n;
  }
}
Inject(Sql)(LedgerTask, undefined, 0);
Task('ledger', LabPayload, { public: true })(LedgerTask);

/** Has one attempt, and nothing in it that could fail. */
class FrailTask {
  async run({ n, milliseconds }) {
    note('frail', n);
    await sleep(milliseconds);
  }
}
Task('frail', LabPayload, { public: true, attempts: 1 })(FrailTask);

const poisons = Object.entries({
  throws() {
    throw new Error('It always throws');
  },
  exits() {
    process.exit(1);
  },
  blocks() {
    for (const end = Date.now() + BLOCK_MILLISECONDS; Date.now() < end;);
  },
}).map(([name, does]) => {
  class PoisonTask {
    run({ n }) {
      note(name, n);
      does();
    }
  }
  Task(name, LabPayload, { public: true, backoff: QUICK })(PoisonTask);
  return PoisonTask;
});

function note(name, n) {
  appendFileSync(process.env.LAB_RUNS, `${name} ${n} ${process.env.LAB_WORKER} ${Date.now()}\n`);
}

class LabModule {}
Module({ providers: [LedgerTask, FrailTask, ...poisons] })(LabModule);

/** Adds modules to one of the program's, before the program is put together. */
function extend(module, ...added) {
  Reflect.defineMetadata('imports', [...Reflect.getMetadata('imports', module), ...added], module);
}

export { extend, LabModule, LedgerTask };
