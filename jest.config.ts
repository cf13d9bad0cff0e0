/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Tests run the TypeScript sources as native ES modules; babel-jest (Jest's own transformer) only strips the types. */
const config: Config = {
  rootDir: '.',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: '<rootDir>/test/support/environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      'babel-jest',
      { babelrc: false, configFile: false, presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]] },
    ],
  },
  maxWorkers: 2, // on two cores Jest's own choice is one, and much of a test is waiting for a process to start
  testTimeout: 60_000,
};

export default config;
