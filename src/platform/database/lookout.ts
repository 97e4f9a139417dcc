import type { Notifications } from './notifications.js';

const LOOK_MILLISECONDS = 1_000;

/**
 * Looks for work in the database: whenever it is asked to, as by a message, and once a second in case nobody could tell.
 * There is one look at a time, and one more after it if it was asked for meanwhile.
 */
export class Lookout {
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private isAwaited = false;
  private isStopped = false;

  /** @param work one look, which never fails */
  constructor(
    private readonly notifications: Notifications,
    private readonly work: () => Promise<void>,
  ) {}

  get hasStopped(): boolean {
    return this.isStopped;
  }

  start(): void {
    const listenAndLook = () => {
      // Reconnects if needed.
      void this.notifications.isListening;
      this.look();
    };
    this.timer = setInterval(listenAndLook, LOOK_MILLISECONDS);
    listenAndLook();
  }

  look(): void {
    if (this.isStopped) return;
    this.isAwaited = true;
    this.looking ??= this.lookWhileAwaited().finally(() => (this.looking = undefined));
  }

  /** Resolves when the last look is over. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  private async lookWhileAwaited(): Promise<void> {
    while (this.isAwaited && !this.isStopped) {
      this.isAwaited = false;
      await this.work();
    }
  }
}
