/** The size of the images that an exported network takes. */
import { expect, test } from '@jest/globals';
import { ExitCode } from '../../src/errors.ts';
import { inputShape } from '../../src/export/input-shape.ts';
import type { ModelFile } from '../../src/model/model-file.ts';

/** Another tool's file: what is read here of it. */
const foreign = { architecture: { channels: 3 } } as ModelFile;

test("another tool's file takes the size that is given", () => {
  expect(inputShape(foreign, 'm.pth', '48x64')).toEqual([3, 48, 64]);
});

test.each([
  [undefined, 'm.pth does not say how large its images are, and an export takes images of one size: give --image-size'],
  ['65536x65536', '--image-size 65536x65536 is too large: the 100 images that an export is tried on would take more'],
])('a size of %s is refused', (given, message) => {
  const refusal = expect.objectContaining({ code: ExitCode.usage, message: expect.stringContaining(message) });
  expect(() => inputShape(foreign, 'm.pth', given)).toThrow(refusal);
});
