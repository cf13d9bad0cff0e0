/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Files whose tests are slow: `npm test` leaves them out, `npm run test:slow` runs them alone. */
const SLOW = '\\.slow\\.test\\.ts$';

/** Which files run: `quick` or `slow`; all if RESNET_TESTS is unset, or if words of the command line name files. */
const set = process.argv.some((word) => /^(\.\/)?test\//.test(word)) ? undefined : process.env.RESNET_TESTS;

/** Tests run the TypeScript sources as native ES modules; babel-jest (Jest's own transformer) strips the types, and no more but for speed. */
const config: Config = {
  rootDir: '.',
  testMatch: [set === 'slow' ? '<rootDir>/test/**/*.slow.test.ts' : '<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: set === 'quick' ? [SLOW] : [],
  testEnvironment: '<rootDir>/test/support/environment.ts',
  globalSetup: '<rootDir>/test/support/make-shared-folder.js',
  globalTeardown: '<rootDir>/test/support/remove-shared-folder.js',
  testSequencer: '<rootDir>/test/support/longest-first.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      'babel-jest',
      {
        babelrc: false,
        configFile: false,
        presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]],
        plugins: ['./test/support/local-globals.js'],
      },
    ],
  },
  maxWorkers: 2, // on two cores Jest's own choice is one, and much of a test is waiting for a process to start
  testTimeout: 120_000, // the longest takes 20 s of an idle machine, and .ci/run has more to do at the same time
};

export default config;
