import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

/** ES-module mode (`--experimental-vm-modules`): middy ships no CommonJS. */
const base: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  injectGlobals: false,
  modulePathIgnorePatterns: ['<rootDir>/\\.local', '<rootDir>/cdk\\.out'],
};

const config: Config = {
  // Module contexts of finished suites are not given back in ES-module mode: in one process 250 suites
  // pass V8's heap limit. Two workers at least, so that there is something to replace when it grows.
  maxWorkers: Math.max(2, Math.min(4, availableParallelism() - 1)),
  workerIdleMemoryLimit: '1GB',
  // When a hung test ends, in milliseconds: no promise about speed, machines differ.
  testTimeout: 300_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/flow/'],
      testTimeout: 240_000,
      globalSetup: '<rootDir>/test/support/install-python.ts',
    },
    {
      ...base,
      // On a deployed stack of their own, which they bring up and take down: run with --runInBand.
      displayName: 'flow',
      testMatch: ['<rootDir>/test/flow/**/*.test.ts'],
      // A retrieval takes seconds, what a sweep finishes up to a minute, and two cores may be busy.
      testTimeout: 240_000,
      setupFilesAfterEnv: ['<rootDir>/test/flow/support/forget-misoperations.ts'],
      globalSetup: '<rootDir>/local/flow-stack-up.ts',
      globalTeardown: '<rootDir>/local/flow-stack-down.ts',
    },
  ],
};
export default config;
