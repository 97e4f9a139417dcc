/** Requests at a steady rate, whatever becomes of those before them, as clients of a public API send them. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, PREFIX } from '../support/api.js';
import { newProduct, PRODUCTS } from '../support/products.js';
import { send, type Sent } from '../support/raw.js';

const TICK_MILLISECONDS = 10;
// One of so many requests writes.
const WRITES = 4;
const WELL = new Set(['200', '201']);

/** A client with an account, and what became of its requests. */
export class Traffic {
  /** How often each status, or each error of a connection, was what came back. */
  private readonly outcomes = new Map<string, number>();
  /** When something last came back otherwise than well (`Date.now()`). */
  lastFailure = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly acknowledged = new Set<number>();
  private readonly over = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private count = 0;

  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async of(url: string): Promise<Traffic> {
    const login = { username: 'ada', password: PASSWORD };
    await send(url, {
      method: 'POST',
      path: `${PREFIX}/users`,
      body: { name: 'Ada', email: 'ada@example.com', ...login },
    });
    const { text } = await send(url, { method: 'POST', path: `${PREFIX}/auth/login`, body: login });
    return new Traffic(url, (JSON.parse(text) as { access_token: string }).access_token);
  }

  /** About so many requests a second, until `end`. */
  begin(each: number): void {
    void (async () => {
      const begun = Date.now();
      while (!this.over.signal.aborted) {
        while (this.count < ((Date.now() - begun) / 1_000) * each) this.follow(this.one());
        await sleep(TICK_MILLISECONDS);
      }
    })();
  }

  /** Resolves when everything has come back. */
  async end(): Promise<void> {
    this.over.abort();
    await Promise.all(this.underWay);
    this.agent.destroy();
  }

  get sent(): number {
    return this.count;
  }

  /** Everything that came back otherwise than well. */
  get failures(): Record<string, number> {
    return Object.fromEntries([...this.outcomes].filter(([outcome]) => !WELL.has(outcome)));
  }

  /** The names of acknowledged products that are not among these. */
  lost(names: string[]): number[] {
    const known = new Set(names);
    return [...this.acknowledged].filter((n) => !known.has(nameOf(n)));
  }

  get written(): number {
    return this.acknowledged.size;
  }

  private follow(request: Promise<void>): void {
    this.underWay.add(request);
    void request.finally(() => this.underWay.delete(request));
  }

  private async one(): Promise<void> {
    const n = ++this.count;
    const isWrite = n % WRITES === 0;
    const outcome = await this.ask(isWrite ? this.write(n) : { path: `${PREFIX}/users/me` });
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (outcome === '201') this.acknowledged.add(n);
    if (!WELL.has(outcome)) this.lastFailure = Date.now();
  }

  private write(n: number): Sent {
    return { method: 'POST', path: PREFIX + PRODUCTS, body: newProduct({ name: nameOf(n) }) };
  }

  private async ask(sent: Sent): Promise<string> {
    try {
      return String((await send(this.url, { ...sent, token: this.token, agent: this.agent })).status);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code ?? message;
    }
  }
}

function nameOf(n: number): string {
  return `Product ${n}`;
}
