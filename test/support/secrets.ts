/** What must never be logged. */
import type { Api } from './api.js';
import { type Received, send, type Sent } from './raw.js';

/** Passwords, tokens, cookies and hashes: the list grows with what answers give away and what the database keeps. */
export class Secrets {
  private readonly all = new Set<string>();

  constructor(private readonly api: Api) {}

  /** Sends a request that is answered with that status, and learns the tokens and cookies of the answer. */
  async ask(sent: Sent, status: number): Promise<Received> {
    const answer = await send(this.api.program.url, sent);
    expect({ sent, status: answer.status }).toEqual({ sent, status });
    const token = /"access_token":"([^"]+)"/.exec(answer.text)?.[1];
    this.add(token, token?.split('.')[2], ...cookiesOf(answer).map((cookie) => cookie.split('=')[1]));
    return answer;
  }

  /** Learns the hashes of passwords and refresh tokens as they are now. */
  async stored(): Promise<void> {
    const users = await this.api.database.query<{ hash: string }>('SELECT hashed_password AS hash FROM "user"');
    const sessions = await this.api.database.query<{ hash: string | null }>(
      `SELECT unnest(ARRAY[family_hash, token_hash, previous_token_hash, sealed_token]) AS hash FROM auth_session`,
    );
    this.add(...[...users, ...sessions].map(({ hash }) => hash ?? undefined));
  }

  isIn(line: string): boolean {
    return [...this.all].some((secret) => line.includes(secret));
  }

  add(...secrets: (string | undefined)[]): void {
    for (const secret of secrets) if (secret) this.all.add(secret);
  }
}

/** The cookies that an answer sets: names and values. */
export function cookiesOf({ headers }: Received): string[] {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1)[0]!);
}
