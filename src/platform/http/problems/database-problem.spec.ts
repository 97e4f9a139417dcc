import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { databaseProblem } from './database-problem.js';

function databaseError(code: string): DatabaseError {
  return Object.assign(new DatabaseError('it failed', 0, 'error'), { code });
}

test.each([
  ['23505', 409],
  ['23503', 409],
  ['23001', 409],
  ['40001', 409],
  ['40P01', 409],
  ['22021', 422],
  ['22P05', 422],
  ['22003', 422],
  ['22P02', 422],
  ['22001', 422],
  ['23514', 422],
  ['57P01', 503],
  ['57014', 503],
  ['08006', 503],
  ['53300', 503],
])('SQLSTATE %s is answered with %i, also through TypeORM', (code, status) => {
  const error = databaseError(code);
  expect(databaseProblem(error)?.getStatus()).toBe(status);
  expect(databaseProblem(new QueryFailedError('SELECT 1', [], error))?.getStatus()).toBe(status);
});

test.each(['42601', '42P01', '42703'])('SQLSTATE %s is a bug of ours', (code) => {
  expect(databaseProblem(databaseError(code))).toBeUndefined();
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'])('%s means that the database cannot be reached', (code) => {
  expect(databaseProblem(Object.assign(new Error('connect'), { code }))?.getStatus()).toBe(503);
});

test('any other error is none of the database', () => {
  expect(databaseProblem(new TypeError('x is undefined'))).toBeUndefined();
});
