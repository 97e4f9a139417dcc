import { watch } from 'node:fs';

// An editor saves a file in several steps, and a formatter follows it.
const QUIET_MILLISECONDS = 150;

/** Waits for changes of files. */
export class Edits {
  #isPending = false;
  #timer;
  #tell;

  constructor(folders) {
    for (const folder of folders) watch(folder, { recursive: true }, () => this.#change());
  }

  /** Resolves when something has changed since the last call, and nothing more for a moment. */
  async next() {
    if (!this.#isPending) await new Promise((done) => (this.#tell = done));
    this.#isPending = false;
  }

  #change() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isPending = true;
      this.#tell?.();
    }, QUIET_MILLISECONDS);
  }
}
