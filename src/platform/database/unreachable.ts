import { DatabaseError } from 'pg';
import { StartRefused } from '../runtime/start-refused.js';

/** What a start says of a database that it cannot reach; what PostgreSQL itself says is left as it is. */
export function unreachable(error: unknown): unknown {
  if (error instanceof DatabaseError || error instanceof StartRefused) return error;
  const { message, errors, code } = error as NodeJS.ErrnoException & { errors?: Error[] };
  // Node tells several reasons when a name has several addresses.
  const reason = message || errors?.map((one) => one.message).join(', ') || code;
  return new StartRefused(`the database cannot be reached: ${reason} (POSTGRES_*)`, { cause: error });
}
