/** The package's entry: by `import`, by `require`, and what both give. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { command } from '../support/resnet.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const NAMES = ['ExitCode', 'UserError', 'evaluate', 'exportModel', 'openCheckpoint', 'predict', 'summary', 'train'];

/** What a program prints that has the package as `resnet`; it is found by its own name. */
async function printed(program: string, kind: 'module' | 'commonjs'): Promise<unknown> {
  const words = [process.execPath, '--no-warnings', `--input-type=${kind}`, '--eval', program];
  const { code, stdout, stderr } = await command(words, {}, root);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Prints the names, the parameters of the lesson's network, and whether TensorFlow.js was loaded. */
const REPORT = `console.log(JSON.stringify({
  names: Object.keys(resnet).filter((name) => name !== '__esModule' && name !== 'module.exports').sort(),
  parameters: resnet.summary().parameters,
  memory: process.memoryUsage().rss < 2 ** 28,
}))`;

const EXPECTED = { names: NAMES, parameters: 11_178_378, memory: true };

test('import gives the public names alone, and loads no backend', async () => {
  expect(await printed(`import * as resnet from 'resnet'; ${REPORT}`, 'module')).toEqual(EXPECTED);
});

test('require gives the same', async () => {
  expect(await printed(`const resnet = require('resnet'); ${REPORT}`, 'commonjs')).toEqual(EXPECTED);
});
