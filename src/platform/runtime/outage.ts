import type { Logger } from '@nestjs/common';

/** Logs once that a service cannot be reached, and once that it is back, however many callers notice. */
export class Outage {
  private readonly cutOff = new Set<unknown>();

  constructor(
    private readonly logger: Logger,
    private readonly texts: { begins: string; ends: string },
  ) {}

  get isOn(): boolean {
    return this.cutOff.size > 0;
  }

  /** What fails in it begins the outage, and what does not ends it. */
  async during(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.end();
    } catch (error) {
      this.begin((error as Error).message);
    }
  }

  /** @param who cannot reach it; it is over when the last of them can */
  begin(reason: string, who?: unknown): void {
    if (!this.isOn) this.logger.warn(`${this.texts.begins}: ${reason}`);
    this.cutOff.add(who);
  }

  end(who?: unknown): void {
    if (this.cutOff.delete(who) && !this.isOn) this.logger.warn(this.texts.ends);
  }
}
