// The fault suites are no part of `npm test`: `npm run test:faults`.
import usual from '../../jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...usual,
  globals: { nodeFlags: [] },
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/*.faults.ts'],
  testTimeout: 120_000,
  // They mostly wait for locks to run out.
  maxWorkers: 4,
};
