import { expect, test } from '@jest/globals';
import { parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { checkMemory } from '../../src/run/memory.ts';

const parametersFor = (width: number) =>
  parametersOf(traceShapes(resNet({ depth: 152, width, classes: 10 }), [1, 28, 28]));

test('a network larger than any memory is refused, with the sizes and what to change', () => {
  expect(() => checkMemory(parametersFor(2 ** 18))).toThrow(
    expect.objectContaining({
      code: 2,
      message: expect.stringMatching(
        /^training \d+ million parameters takes more than \d+ GiB of memory, of which there are \d+ GiB; give a smaller --width or --depth$/,
      ),
    }),
  );
});

test('the deepest network in its usual width is taken', () => {
  checkMemory(parametersFor(64));
});
