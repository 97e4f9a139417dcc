// Jest runs as CommonJS (NestJS 12 is ESM only), so its packages go through SWC as well. The end-to-end suites
// speak HTTP to the built program.
import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.test.ts'],
  // What takes many processes and servers: `npm run test:operations`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/operations/'],
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // Programs that a suite runs for itself live for seconds, most of which optimising them would take.
  globals: { nodeFlags: ['--no-opt'] },
  // Of a program that starts on a busy machine.
  testTimeout: 60_000,
  // They wait for programs, and sometimes for time.
  maxWorkers: availableParallelism() + 1,
  // The packages that are ESM only.
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.(ts|m?js)$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
};
