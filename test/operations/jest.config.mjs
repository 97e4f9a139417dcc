// These suites are no part of `npm test`: `npm run test:operations`.
import usual from '../../jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...usual,
  globals: { nodeFlags: [] },
  rootDir: '../..',
  testMatch: ['<rootDir>/test/operations/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Many of their programs start at once, maybe on a machine that does other things too.
  testTimeout: 240_000,
  maxWorkers: '100%',
};
