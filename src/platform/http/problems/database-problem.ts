import type { HttpException } from '@nestjs/common';
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { Conflict, DatabaseUnavailable, ValidationFailed } from './http.errors.js';

// SQLSTATE classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
const UNAVAILABLE = /^(08...|57P0.|57014|53300|25006)$/;
const CONFLICT = /^(23505|23503|40001|40P01)$/;
const BAD_VALUE = /^(22001|22003|22021|22P02|22P05|23514)$/;

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
// node-postgres has no code for these.
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** The answer to an error of PostgreSQL or of the way to it; undefined when it is neither or a bug of ours. */
export function databaseProblem(thrown: unknown): HttpException | undefined {
  const error: unknown = thrown instanceof QueryFailedError ? thrown.driverError : thrown;
  if (!(error instanceof Error)) return undefined;
  const { code = '' } = error as { code?: string };
  if (error instanceof DatabaseError) {
    if (UNAVAILABLE.test(code)) return new DatabaseUnavailable();
    if (CONFLICT.test(code)) return new Conflict();
    if (BAD_VALUE.test(code)) return new ValidationFailed();
    return undefined;
  }
  return NETWORK.has(code) || LOST_CONNECTION.test(error.message) ? new DatabaseUnavailable() : undefined;
}
