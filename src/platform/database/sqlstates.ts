/** What PostgreSQL reports: https://www.postgresql.org/docs/current/errcodes-appendix.html */
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';

/** The server starts, stops, or has no connection left. A wrong password is not among them. */
export const PASSING = /^(57P01|57P02|57P03|53300)$/;
/** There is no answer now, but there may be one soon: nothing is wrong with the statement. */
export const UNAVAILABLE = /^(08...|57P0.|57014|53300|25006)$/;
/** What a pooler says of a server that it cannot reach, or has lost. */
export const CONNECTION_FAILED = /^08/;
/** Since PostgreSQL 18, a row that others refer to is 23001. */
export const CONFLICT = /^(23505|23503|23001|40001|40P01)$/;
export const BAD_VALUE = /^(22001|22003|22021|22P02|22P05|23514)$/;
/** The classes of a value and of a constraint: of several rows, one is at fault. */
export const ROW_AT_FAULT = /^(22|23)/;
export const NO_SUCH_TABLE = /^42P01$/;
/** What a statement may meet on any server: its values, a conflict, its time limit, a plan from before a migration. */
export const ANYWHERE = /^(22|40|57014|0A000)/;

/** Whether PostgreSQL has reported one of these, to TypeORM or to us. */
export function isSqlstate(error: unknown, states: RegExp): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return cause instanceof DatabaseError && states.test(cause.code ?? '');
}

/** Whether a migration has changed what a prepared statement answers: the connection that has prepared it refuses it from then on. */
export function isStalePlan(error: unknown): boolean {
  // Of what is not supported it is one case, which messages tell in the server's language.
  return error instanceof DatabaseError && error.routine === 'RevalidateCachedQuery';
}
