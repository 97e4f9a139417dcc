import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Semaphore } from '../../platform/runtime/semaphore.js';
import { TooBusy } from './passwords.errors.js';

// One core stays with the event loop, and one thread of the four in the pool with everything else that needs one.
const HASHES_AT_ONCE = Math.min(3, Math.max(1, availableParallelism() - 1));
const WAIT_MILLISECONDS = 5_000;

/**
 * Lets only so many password hashes run at once, so that a storm of sign-ins slows down nothing but sign-ins. Throws
 * `TooBusy` when the turn of a hash takes too long to come.
 */
@Injectable()
export class HashQueue extends Semaphore {
  constructor() {
    super(HASHES_AT_ONCE, WAIT_MILLISECONDS, () => new TooBusy());
  }
}
