import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Logger } from 'pino';
import { settingsOf } from '../config/settings.js';
import { StartRefused } from '../runtime/start-refused.js';
import { DatabaseConfig } from './database.config.js';
import { problemWithPooler } from './pooler.js';
import { isSqlstate, PASSING } from './sqlstates.js';
import { unreachable } from './unreachable.js';

const PAUSE_MILLISECONDS = 250;

/**
 * Resolves when the database takes connections. Whoever starts together with it waits for it, up to
 * `START_WAIT_SECONDS`; then throws `StartRefused`, and at once where a pooler does not do. When it refuses for good, throws what PostgreSQL says.
 */
export async function waitForDatabase(log?: Logger): Promise<void> {
  const { START_WAIT_SECONDS, url } = settingsOf(DatabaseConfig);
  const deadline = Date.now() + START_WAIT_SECONDS * 1_000;
  for (let tries = 0; ; tries++) {
    try {
      // Before any other connection is made: what those set would stay in a pooler, for others.
      return refusePooler(await problemWithPooler(url));
    } catch (error) {
      const isFinal = error instanceof DatabaseError && !isSqlstate(error, PASSING);
      const isRefused = error instanceof StartRefused || isFinal;
      if (isRefused || Date.now() + PAUSE_MILLISECONDS > deadline) throw unreachable(error);
      if (tries === 0) log?.info({ reason: (error as Error).message }, 'waiting for the database');
    }
    await sleep(PAUSE_MILLISECONDS);
  }
}

function refusePooler(problem: string | undefined): void {
  if (problem) throw new StartRefused(`${problem} (POSTGRES_*)`);
}
