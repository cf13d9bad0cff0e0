/** Tests of the data of `resnet summary`: figures, lines and notes. */
import { describe, expect, test } from '@jest/globals';
import { BODY_PARTS, type BodyPart } from '../../src/net/parts.ts';
import { resNet } from '../../src/net/resnet.ts';
import { type Figures, type Summary, type SummaryRow, summarise, summaryLines } from '../../src/net/summary.ts';
import { traceShapes } from '../../src/net/trace.ts';

function summaryOf(
  input: readonly number[],
  { batch = 1, classes = 10, frozen }: { batch?: number; classes?: number; frozen?: readonly BodyPart[] } = {},
): Summary {
  const small = () => traceShapes(resNet({ depth: 18, classes, stem: 'cifar' }), input);
  return summarise(traceShapes(resNet({ depth: 18, classes }), input), { batch, frozen, smallStem: small });
}

const LESSON_LINES = `Conv2d output shape:	 torch.Size([1, 64, 112, 112])
BatchNorm2d output shape:	 torch.Size([1, 64, 112, 112])
ReLU output shape:	 torch.Size([1, 64, 112, 112])
MaxPool2d output shape:	 torch.Size([1, 64, 56, 56])
Sequential output shape:	 torch.Size([1, 64, 56, 56])
Sequential output shape:	 torch.Size([1, 128, 28, 28])
Sequential output shape:	 torch.Size([1, 256, 14, 14])
Sequential output shape:	 torch.Size([1, 512, 7, 7])
AdaptiveAvgPool2d output shape:	 torch.Size([1, 512, 1, 1])
Flatten output shape:	 torch.Size([1, 512])
Linear output shape:	 torch.Size([1, 10])
`;

test('the lines of a summary are those of the lesson, byte for byte', () => {
  expect(summaryLines(summaryOf([1, 224, 224]))).toBe(LESSON_LINES);
});

/** All figures of a row by name. */
function figuresOf({ parameters, trainedParameters, liveParameters, share, multAdds, memory }: Figures) {
  return { parameters, trainedParameters, liveParameters, share, multAdds, ...memory };
}

describe.each([
  { input: [1, 28, 28], batch: 1, classes: 10 },
  { input: [1, 224, 224], batch: 128, classes: 10 },
  { input: [3, 64, 64], batch: 1, classes: 1000 },
  { input: [2, 33, 50], batch: 3, classes: 5 },
  { input: [1, 1, 1], batch: 2, classes: 1 },
  { input: [1, 28, 28], batch: 64, classes: 3, frozen: BODY_PARTS },
  { input: [3, 64, 64], batch: 8, classes: 10, frozen: ['stage1', 'stage3'] as const },
])('the summary at $input, batch $batch, frozen $frozen', ({ input, ...options }) => {
  const summary = summaryOf(input, options);
  const figures = Object.keys(figuresOf(summary)) as (keyof ReturnType<typeof figuresOf>)[];

  test.each(figures)('has a total of %s equal to the sum over its layers', (figure) => {
    const sum = summary.layers.reduce((total, row) => total + figuresOf(row)[figure], 0);
    expect(sum / figuresOf(summary)[figure]).toBeCloseTo(1, 12);
  });

  test('has in every layer a memory equal to the sum of weights, gradients, Adam and activations', () => {
    const check = ({ memory, layers }: SummaryRow): void => {
      const { weights, gradients, adam, activations, total } = memory;
      expect(weights + gradients + adam + activations).toBe(total);
      layers.forEach(check);
    };
    summary.layers.forEach(check);
  });
});

test('a summary with frozen parts marks their layers, which need no gradients and no moments', () => {
  const { layers, ...whole } = summaryOf([1, 28, 28], { frozen: ['stem', 'stage2'] });
  const [inStem, inStage2] = [3200 + 128, 525_952];
  expect(whole).toMatchObject({ frozen: ['stem', 'stage2'], trainedParameters: 11_178_378 - inStem - inStage2 });
  const frozen = layers.filter((row) => row.frozen);
  expect(frozen.map(({ name }) => name)).toEqual(['conv', 'batchnorm', 'Relu', 'maxpool', 'resnet_block2']);
  for (const { memory, trainedParameters } of frozen) {
    expect([memory.gradients, memory.adam, trainedParameters]).toEqual([0, 0, 0]);
  }
  expect(frozen.at(-1)?.layers.every((row) => row.frozen)).toBe(true);
});

test('a summary without frozen parts says nothing of them', () => {
  const { layers, ...whole } = summaryOf([1, 28, 28]);
  expect(whole).not.toHaveProperty('frozen');
  expect(layers[0]).not.toHaveProperty('frozen');
});

describe('the notes of a summary', () => {
  test('name the dead parameters, and the stem that would reach most of them', () => {
    expect(summaryOf([1, 28, 28]).notes).toEqual([
      '6.95 M of 11.18 M parameters only meet padding at 1×28×28 and never train.',
      'With --stem cifar 99.97 % of the parameters are live.',
    ]);
  });

  test('recommend larger images if no other stem would reach the dead parameters', () => {
    expect(summaryOf([1, 1, 1]).notes[1]).toBe('Larger images would reach them.');
    const small = summarise(traceShapes(resNet({ depth: 18, classes: 10, stem: 'cifar' }), [1, 4, 4]), { batch: 1 });
    expect(small.notes[1]).toBe('Larger images would reach them.');
  });

  test('are empty if nearly all parameters are live', () => {
    expect(summaryOf([1, 64, 64]).notes).toEqual([]);
  });
});
