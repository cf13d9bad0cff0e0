/** The addon `library_load`, which captures standard error. */
import { spawnSync } from 'node:child_process';
import { describe, expect } from '@jest/globals';
import { runtimeLocations } from '../../src/runtime/installed/locations.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';

/** Runs a script in a process of its own, whose standard error may be moved about, with the addon as `addon`. */
function run(script: string) {
  const load = `const addon = require(${JSON.stringify(runtimeLocations().libraryLoad)}); const { writeSync } = require('fs');`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', load + script], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the capture of standard error', () => {
  testWithTensorFlow('captures what is written to standard error, and nothing before or after', () => {
    const script = `
      writeSync(2, 'before ');
      addon.captureStderr();
      writeSync(2, 'meanwhile');
      const text = addon.releaseStderr();
      writeSync(2, 'after');
      console.log(text);`;
    expect(run(script)).toEqual({ status: 0, stdout: 'meanwhile\n', stderr: 'before after' });
  });

  testWithTensorFlow('returns the whole text, zero bytes and invalid UTF-8 included', () => {
    const script = `
      addon.captureStderr();
      writeSync(2, Buffer.from([0x41, 0, 0xff, 0x42]));
      writeSync(2, Buffer.alloc(3e6, 'x'));
      const text = addon.releaseStderr();
      console.log(JSON.stringify(text.slice(0, 4)), text.length);`;
    expect(run(script)).toEqual({ status: 0, stdout: `${JSON.stringify('A\0\ufffdB')} 3000004\n`, stderr: '' });
  });

  testWithTensorFlow('can capture again and again', () => {
    const script = `
      for (let i = 0; i < 2000; i++) { addon.captureStderr(); addon.releaseStderr(); }
      console.log(require('fs').readdirSync('/dev/fd').length < 100);`;
    expect(run(script)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
  });

  testWithTensorFlow.each([
    [
      'a capture inside a capture',
      'addon.captureStderr(); addon.captureStderr();',
      'standard error is being captured already',
    ],
    ['a release without a capture', 'addon.releaseStderr();', 'standard error is not being captured'],
  ])('refuses %s', (_, calls, message) => {
    expect(run(`try { ${calls} } catch (error) { console.log(error.message) }`).stdout).toBe(`${message}\n`);
  });
});
