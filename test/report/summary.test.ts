import { describe, expect, test } from '@jest/globals';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { summarise, summaryLines, summaryTable } from '../../src/report/summary.ts';

const summary = summarise(traceShapes(resNet({ depth: 18, classes: 10 }), [1, 224, 224]), 1);

const ORIGINAL_LINES = `Conv2d output shape:	 torch.Size([1, 64, 112, 112])
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

test('the lines are the original’s, byte for byte', () => {
  expect(summaryLines(summary)).toBe(ORIGINAL_LINES);
});

describe('the table', () => {
  test('shows name, type, output shape and parameters of every layer', () => {
    expect(summaryTable(summary)).toBe(`┌───────────────┬───────────────────┬────────────────────┬────────────┐
│ Layer         │ Type              │ Output shape       │ Parameters │
├───────────────┼───────────────────┼────────────────────┼────────────┤
│ (input)       │                   │ 1 × 1 × 224 × 224  │            │
│ conv          │ Conv2d            │ 1 × 64 × 112 × 112 │      3,200 │
│ batchnorm     │ BatchNorm2d       │ 1 × 64 × 112 × 112 │        128 │
│ Relu          │ ReLU              │ 1 × 64 × 112 × 112 │          0 │
│ maxpool       │ MaxPool2d         │ 1 × 64 × 56 × 56   │          0 │
│ resnet_block1 │ Sequential        │ 1 × 64 × 56 × 56   │    148,224 │
│ resnet_block2 │ Sequential        │ 1 × 128 × 28 × 28  │    525,952 │
│ resnet_block3 │ Sequential        │ 1 × 256 × 14 × 14  │  2,100,480 │
│ resnet_block4 │ Sequential        │ 1 × 512 × 7 × 7    │  8,395,264 │
│ GlobalAvr     │ AdaptiveAvgPool2d │ 1 × 512 × 1 × 1    │          0 │
│ Flatten       │ Flatten           │ 1 × 512            │          0 │
│ FC            │ Linear            │ 1 × 10             │      5,130 │
│ Total         │                   │                    │ 11,178,378 │
└───────────────┴───────────────────┴────────────────────┴────────────┘
`);
  });

  test('adds up', () => {
    expect(summary.layers.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(summary.parameters);
  });
});
