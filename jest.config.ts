import type { Config } from 'jest';

/** ES-module mode (`--experimental-vm-modules`): middy ships no CommonJS. */
const base: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
      },
    ],
  },
  injectGlobals: false,
  modulePathIgnorePatterns: ['<rootDir>/\\.local', '<rootDir>/cdk\\.out'],
};

const config: Config = {
  projects: [
    {
      ...base,
      displayName: 'unit',
      // A hung test's end, not a promise about speed: machines differ.
      testTimeout: 120_000,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/flow/'],
      globalSetup: '<rootDir>/test/support/install-python.ts',
    },
    {
      ...base,
      // On a deployed stack of their own, which they bring up and take down: run with --runInBand.
      displayName: 'flow',
      testTimeout: 300_000,
      testMatch: ['<rootDir>/test/flow/**/*.test.ts'],
      globalSetup: '<rootDir>/local/flow-stack-up.ts',
      globalTeardown: '<rootDir>/local/flow-stack-down.ts',
    },
  ],
};
export default config;
