import { settingsOf } from '../../config/settings.js';
import { leftOut } from './batches.js';
import { LogConfig } from './log.config.js';

const SECOND = 1_000;

/** Bounds the number of log lines about refused requests, because clients decide how many those are. */
export class RefusedLines {
  private readonly most = settingsOf(LogConfig).LOG_REFUSED_PER_SECOND;
  private written = 0;
  private until = 0;
  private left = 0;

  /** @param tell is told, a second later, how many lines were left out */
  constructor(private readonly tell: (lines: number) => void) {}

  /** Whether one more may be written. */
  take(): boolean {
    const now = performance.now();
    if (now >= this.until) {
      this.until = now + SECOND;
      this.written = 0;
    }
    if (this.written++ < this.most) return true;
    leftOut.refused++;
    if (this.left++ === 0) setTimeout(() => this.summarise(), SECOND).unref();
    return false;
  }

  private summarise(): void {
    this.tell(this.left);
    this.left = 0;
  }
}
