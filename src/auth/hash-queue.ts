import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { TooBusy } from './auth.errors.js';

// One core stays with the event loop, and one thread of the four in the pool with everything else that needs one.
const HASHES_AT_ONCE = Math.min(3, Math.max(1, availableParallelism() - 1));
const WAIT_MILLISECONDS = 5_000;

/** Lets only so many password hashes run at once, so that a storm of sign-ins slows down nothing but sign-ins. */
@Injectable()
export class HashQueue {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  /** Runs `hash` when its turn comes. Throws `TooBusy` when that takes too long. */
  async run<T>(hash: () => Promise<T>): Promise<T> {
    if (this.running < HASHES_AT_ONCE) this.running++;
    else await this.turn();
    try {
      return await hash();
    } finally {
      this.passOn();
    }
  }

  /** Hands the turn to whoever waits longest. */
  private passOn(): void {
    const [next] = this.waiting;
    if (next) next();
    else this.running--;
  }

  private turn(): Promise<void> {
    return new Promise((done, fail) => {
      const begin = () => {
        clearTimeout(timer);
        this.waiting.delete(begin);
        done();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(begin);
        fail(new TooBusy());
      }, WAIT_MILLISECONDS);
      this.waiting.add(begin);
    });
  }
}
