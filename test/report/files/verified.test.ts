/** Tests of the text output of `resnet verify`. */
import { expect, test } from '@jest/globals';
import { LESSON } from '../../../src/net/resnet.ts';
import { verifiedText } from '../../../src/report/files/verified.ts';
import { METADATA } from '../../checkpoint/example.ts';

test('the names of classes fit 80 columns: of many the first, of long ones the beginning', () => {
  const classNames = ['x'.repeat(200), 'a\u001b[2J', ...Array.from({ length: 1010 }, (_, index) => `class ${index}`)];
  const architecture = { ...LESSON, channels: 1, classes: classNames.length };
  const file = { path: 'best', bytes: 1, sha256: undefined, architecture, parameters: 1, resumable: false };
  const text = verifiedText({ ...file, metadata: { ...METADATA, architecture, classNames } as never });
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(text).toContain(`  classes ${'x'.repeat(39)}…, a\\u001b[2J, class 0,\n    class 1, class 2,`);
  expect(text).toContain('class 7 and 1,002 others\n');
});

test('the temperature of a checkpoint that has one is said', () => {
  const architecture = { ...LESSON, channels: 1, classes: 10 };
  const file = { path: 'best', bytes: 1, sha256: undefined, architecture, parameters: 1, resumable: false };
  const textOf = (metadata: object) => verifiedText({ ...file, metadata: { ...METADATA, ...metadata } as never });
  expect(textOf({ temperature: 0.540016 })).toContain('\n  probabilities at the temperature 0.540\n');
  expect(textOf({})).not.toContain('temperature');
});

test('a file of PyTorch, whose entries may have checksums, is not said to have none', () => {
  const architecture = { ...LESSON, channels: 1, classes: 10 };
  const file = { path: 'm.pth', bytes: 1000, sha256: undefined, architecture, parameters: 1, resumable: false };
  expect(verifiedText({ ...file, metadata: undefined })).toContain('  1,000 bytes, without a SHA-256 of its own\n');
});
