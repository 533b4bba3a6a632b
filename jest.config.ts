import type { Config } from 'jest';

/** ES-module mode (`--experimental-vm-modules`): middy ships no CommonJS. Tests of the deployed stack are the project `flow`. */
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
};
export default base;
