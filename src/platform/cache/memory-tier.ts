import { LRUCache } from 'lru-cache';
import type { StoredResponse } from './stored-response.js';

/** One name under which answers can be dropped; an answer is good as long as all its keys are. */
interface Key {
  name: string;
  isGood: boolean;
  uses: number;
}

interface Entry {
  answer: StoredResponse;
  keys: Key[];
  /** In milliseconds since 1970. */
  until: number;
}

interface Load {
  answer: Promise<StoredResponse>;
  keys: Key[];
}

// V8 needs at most two bytes per character; the rest is an estimate of the overhead.
const BYTES_PER_CHARACTER = 2;
const BYTES_PER_ENTRY = 500;

/**
 * Answers in the memory of this process, at most so many bytes: the one that was asked for least recently leaves first.
 * A load that began before one of its keys was dropped is never stored, and later requests do not join it.
 */
export class MemoryTier {
  private readonly entries: LRUCache<string, Entry>;
  private readonly loads = new Map<string, Load>();
  private readonly keys = new Map<string, Key>();

  constructor(maxBytes: number) {
    const dispose = ({ keys }: Entry) => this.release(keys);
    this.entries = new LRUCache({ maxSize: maxBytes, dispose });
  }

  get(id: string): StoredResponse | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    if (areGood(entry.keys) && entry.until > Date.now()) return entry.answer;
    this.entries.delete(id);
    return undefined;
  }

  /**
   * The answer that `load` gives, which many may wait for together, stored under all of `names`.
   * @param ttl seconds
   */
  load(id: string, names: string[], ttl: number, load: () => Promise<StoredResponse>): Promise<StoredResponse> {
    const running = this.loads.get(id);
    if (running && areGood(running.keys)) return running.answer;
    const keys = names.map((name) => this.use(name));
    const answer = load();
    const own = { answer, keys };
    this.loads.set(id, own);
    const finish = (loaded?: StoredResponse) => {
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
  }

  private store(id: string, entry: Entry): void {
    const size = sizeOf(id, entry);
    if (size > this.entries.maxSize) this.release(entry.keys);
    else this.entries.set(id, entry, { size });
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
