/** Contenders of bench:peers: their last line is the measurement, and a failure names its reason. */
import { expect, test } from '@jest/globals';
import { type Contender, FIGURES, measure as measureFor } from '../../../bench/peers/contenders.ts';

const MEASUREMENT = { trainImagesPerSecond: 1, evalByBatchSize: { 128: 2 }, trainPeakMemoryBytes: 3 };

const measure = (contender: Contender) => measureFor(contender, FIGURES);

function nodeThat(script: string, environment = {}) {
  return { name: 'node', command: [process.execPath, '-e', script] as const, environment };
}

test('measure returns the last line that a contender prints', () => {
  const printed = JSON.stringify(`some chatter\n${JSON.stringify(MEASUREMENT)}\n`);
  expect(measure(nodeThat(`process.stdout.write(${printed})`))).toEqual(MEASUREMENT);
});

test.each([
  ['Python', 'Traceback:\n  File "x.py"\nNo module named torch\n'],
  ['Node', 'No module named torch\n    at main (x.js:1:2)\n    at y.js:3:4\n'],
])('measure throws the reason that a failing contender prints as %s does, not a line of its stack', (_, stderr) => {
  const failing = nodeThat(`process.stderr.write(${JSON.stringify(stderr)}); process.exitCode = 1`);
  expect(() => measure(failing)).toThrow(/^No module named torch$/);
});

test('measure names the signal that killed a contender', () => {
  expect(() => measure(nodeThat('process.kill(process.pid, "SIGKILL")'))).toThrow('it ended with SIGKILL');
});

test('measure names a program that does not exist', () => {
  expect(() => measure({ name: 'none', command: ['no-such-python'], environment: {} })).toThrow(
    'no-such-python ENOENT',
  );
});

test('measure names a figure that is missing in the output', () => {
  expect(() => measure(nodeThat('console.log(JSON.stringify({ trainImagesPerSecond: 1 }))'))).toThrow(
    'it prints no evalByBatchSize: {"trainImagesPerSecond":1}',
  );
});

const testOnLinux = process.platform === 'linux' ? test : test.skip;

testOnLinux('measure throws if an allocator cannot be loaded, and does not measure without it', () => {
  const preloading = nodeThat('console.log("{}")', { LD_PRELOAD: '/no/such/libtcmalloc.so.4' });
  expect(() => measure(preloading)).toThrow('/no/such/libtcmalloc.so.4');
});
