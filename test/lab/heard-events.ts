import { Injectable } from '@nestjs/common';
import { Events } from '../../src/platform/events/events.js';

/** Writes what happens in domains to the output, where suites read it. */
@Injectable()
export class HeardEvents {
  constructor(events: Events) {
    events.subscribe((heard, { user_id, payload }) => {
      process.stdout.write(`${JSON.stringify({ heard, user_id, payload })}\n`);
      return Promise.resolve();
    });
  }
}
