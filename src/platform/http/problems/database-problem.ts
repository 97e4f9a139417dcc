import type { HttpException } from '@nestjs/common';
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { BAD_VALUE, CONFLICT, isSqlstate, UNAVAILABLE } from '../../database/sqlstates.js';
import { Conflict, DatabaseUnavailable, ValidationFailed } from './http.errors.js';

const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
// node-postgres gives these no code.
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** The answer to an error of PostgreSQL or of the way to it; undefined when it is neither or a bug of ours. */
export function databaseProblem(thrown: unknown): HttpException | undefined {
  if (isSqlstate(thrown, UNAVAILABLE) || isUnreachable(thrown)) return new DatabaseUnavailable();
  if (isSqlstate(thrown, CONFLICT)) return new Conflict();
  return isSqlstate(thrown, BAD_VALUE) ? new ValidationFailed() : undefined;
}

function isUnreachable(thrown: unknown): boolean {
  const error: unknown = thrown instanceof QueryFailedError ? thrown.driverError : thrown;
  if (!(error instanceof Error) || error instanceof DatabaseError) return false;
  return NETWORK.has((error as NodeJS.ErrnoException).code ?? '') || LOST_CONNECTION.test(error.message);
}
