import { setTimeout as sleep } from 'node:timers/promises';
import { Optional, Text } from '../platform/http/validation/fields.js';
import { Integer } from '../platform/http/validation/numbers.js';
import { type RunsTask, Task, type TaskContext } from '../platform/queue/task.js';

export class SamplePayload {
  @Text(1, 200, { example: 'hello' })
  message!: string;

  @Optional()
  @Integer(0, 600, { required: false, default: 5 })
  seconds: number = 5;
}

const STEPS = 10;

/** Waits, reports how far it is, and answers with the message. */
@Task('sample', SamplePayload, { public: true, result: String })
export class SampleTask implements RunsTask<SamplePayload> {
  async run({ message, seconds }: SamplePayload, context: TaskContext): Promise<string> {
    for (let step = 1; step <= STEPS; step++) {
      await sleep((seconds * 1000) / STEPS, undefined, { signal: context.signal });
      context.progress((100 * step) / STEPS);
    }
    return `Task ${message} is complete!`;
  }
}
