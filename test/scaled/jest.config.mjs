// Suites of the domains, but those of signing in, and of the cache on several servers: `npm run test:scaled`.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import usual from '../../jest.config.mjs';

const TESTS = join(import.meta.dirname, '..');
const DOMAINS = readdirSync(TESTS).filter(
  (name) => name !== 'auth' && existsSync(join(TESTS, name, `${name}.facts.ts`)),
);

/** @type {import('jest').Config} */
export default {
  ...usual,
  globals: { nodeFlags: [] },
  rootDir: '../..',
  globalSetup: '<rootDir>/test/scaled/global-setup.mjs',
  globalTeardown: '<rootDir>/test/scaled/global-teardown.mjs',
  testMatch: [
    ...DOMAINS.flatMap((name) => [`<rootDir>/test/${name}/*.test.ts`, `<rootDir>/test/operations/${name}/*.test.ts`]),
    '<rootDir>/test/{platform,operations}/cache/*.test.ts',
  ],
  // They look into a queue in PostgreSQL or at plans of the primary, or bring a Redis of their own.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/operations/tasks/postgres',
    '<rootDir>/test/operations/\\w+/redis',
    '<rootDir>/test/operations/tasks/clean-ups',
    '<rootDir>/test/operations/\\w+/plans',
  ],
  // They share one Redis, which each of them empties.
  maxWorkers: 1,
  // What they write past an API waits for the replica.
  testTimeout: 60_000,
};
