/** Lets a limited number of pieces of work run at once; the others wait for their turn, in the order of their arrival. */
export class Semaphore {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  /**
   * @param milliseconds for how long a piece of work waits
   * @param tooLate what is thrown when that was too long
   */
  constructor(
    private readonly atOnce: number,
    private readonly milliseconds: number,
    private readonly tooLate: () => Error,
  ) {}

  /** Runs `work` when its turn comes. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running++;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  /** Hands the turn to the piece of work that has waited longest. */
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
        fail(this.tooLate());
      }, this.milliseconds);
      this.waiting.add(begin);
    });
  }
}
