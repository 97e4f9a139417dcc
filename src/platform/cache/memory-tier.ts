import type { StoredAnswer } from './stored-answer.js';

/** One name under which answers can be dropped; an answer is good as long as all its keys are. */
interface Key {
  name: string;
  isGood: boolean;
  uses: number;
}

interface Entry {
  answer: StoredAnswer;
  keys: Key[];
  /** In milliseconds since 1970. */
  until: number;
}

interface Load {
  answer: Promise<StoredAnswer>;
  keys: Key[];
}

// Two bytes a character is the most that V8 takes; the rest is a guess at what surrounds them.
const BYTES_PER_CHARACTER = 2;
const BYTES_PER_ENTRY = 500;

/**
 * Answers in the memory of this process, at most so many bytes: the oldest go first. A load that began before one of its
 * keys was dropped is never stored, nor joined by whoever comes after.
 */
export class MemoryTier {
  private readonly entries = new Map<string, Entry>();
  private readonly loads = new Map<string, Load>();
  private readonly keys = new Map<string, Key>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(id: string): StoredAnswer | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    if (areGood(entry.keys) && entry.until > Date.now()) return entry.answer;
    this.remove(id, entry);
    return undefined;
  }

  /**
   * The answer that `load` gives, which many may wait for together, stored under all of `names`.
   * @param ttl seconds
   */
  load(id: string, names: string[], ttl: number, load: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    const running = this.loads.get(id);
    if (running && areGood(running.keys)) return running.answer;
    const keys = names.map((name) => this.use(name));
    const answer = load();
    const own = { answer, keys };
    this.loads.set(id, own);
    const finish = (loaded?: StoredAnswer) => {
      if (this.loads.get(id) === own) this.loads.delete(id);
      if (loaded && areGood(keys)) this.store(id, { answer: loaded, keys, until: Date.now() + ttl * 1000 });
      else this.release(keys);
    };
    answer.then(finish, () => finish());
    return answer;
  }

  /** Forgets every answer that has a key of that name. */
  drop(name: string): void {
    const key = this.keys.get(name);
    if (!key) return;
    key.isGood = false;
    this.keys.delete(name);
  }

  clear(): void {
    for (const name of this.keys.keys()) this.drop(name);
    this.entries.clear();
    this.bytes = 0;
  }

  private store(id: string, entry: Entry): void {
    const old = this.entries.get(id);
    if (old) this.remove(id, old);
    this.entries.set(id, entry);
    this.bytes += sizeOf(id, entry);
    for (const [oldest, one] of this.entries) {
      if (this.bytes <= this.maxBytes) break;
      this.remove(oldest, one);
    }
  }

  private remove(id: string, entry: Entry): void {
    this.entries.delete(id);
    this.bytes -= sizeOf(id, entry);
    this.release(entry.keys);
  }

  private use(name: string): Key {
    let key = this.keys.get(name);
    if (!key) this.keys.set(name, (key = { name, isGood: true, uses: 0 }));
    key.uses++;
    return key;
  }

  private release(keys: Key[]): void {
    for (const key of keys) if (--key.uses === 0 && key.isGood) this.keys.delete(key.name);
  }
}

function areGood(keys: Key[]): boolean {
  return keys.every((key) => key.isGood);
}

function sizeOf(id: string, { answer: { body } }: Entry): number {
  const bytes = typeof body === 'string' ? body.length * BYTES_PER_CHARACTER : body.length;
  return id.length * BYTES_PER_CHARACTER + bytes + BYTES_PER_ENTRY;
}
