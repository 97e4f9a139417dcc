// Suites about users, posts, tasks and the cache on several servers: `npm run test:scaled`.
import usual from '../../jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...usual,
  rootDir: '../..',
  globalSetup: '<rootDir>/test/scaled/global-setup.mjs',
  globalTeardown: '<rootDir>/test/scaled/global-teardown.mjs',
  testMatch: [
    '<rootDir>/test/{users,posts,tasks,platform/cache}/*.test.ts',
    '<rootDir>/test/operations/{posts,tasks,cache}/*.test.ts',
  ],
  // They look into a queue in PostgreSQL, or bring a Redis of their own.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/tasks/postgres',
    '<rootDir>/test/operations/(tasks|cache)/redis',
    '<rootDir>/test/operations/tasks/clean-ups',
  ],
  // They share one Redis, which each of them empties.
  maxWorkers: 1,
  // What they write past an API waits for the replica.
  testTimeout: 60_000,
};
