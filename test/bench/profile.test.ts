/** Profiles: traces summed up by op and by layer. */
import { expect, test } from '@jest/globals';
import { summarise } from '../../src/bench/profile.ts';

const CPU = '/job:localhost/replica:0/task:0/device:CPU:0';

function ran(node: string, start: number, duration: number) {
  return { node, label: `${node} = Some(x)`, start, duration };
}

const step = [
  {
    device: CPU,
    nodes: [
      ran('train_8/conv/3_Conv2D', 0, 4000),
      ran('train_8/conv/gradient/9_Conv2DBackpropFilter', 4000, 6000),
      ran('train_8/FC/5_MatMul', 1000, 500),
      ran('train_8/FC/gradient/7_MatMul', 2000, 1500),
      ran('train_8/adam/11_ResourceApplyAdam', 9000, 1000),
      ran('train_8/indices', 0, 100),
    ],
  },
];

test('a profile sums the time of a step up by op, the costliest first', () => {
  const { byOp, milliseconds } = summarise([step, step], []);
  expect(byOp).toEqual([
    { op: 'Conv2DBackpropFilter', count: 1, milliseconds: 6 },
    { op: 'Conv2D', count: 1, milliseconds: 4 },
    { op: 'MatMul', count: 2, milliseconds: 2 },
    { op: 'ResourceApplyAdam', count: 1, milliseconds: 1 },
    { op: 'Some', count: 1, milliseconds: 0.1 },
  ]);
  expect(milliseconds).toBeCloseTo(13.1);
});

test('a profile sums the time of a step up by layer in the network’s order, forward and backward', () => {
  const { byLayer, milliseconds } = summarise([step], ['conv', 'FC']);
  expect(byLayer).toEqual([
    { layer: 'conv', forward: 4, gradient: 6 },
    { layer: 'FC', forward: 0.5, gradient: 1.5 },
    { layer: '', forward: 0.1, gradient: 0 },
    { layer: 'adam', forward: 1, gradient: 0 },
  ]);
  expect(byLayer.reduce((sum, { forward, gradient }) => sum + forward + gradient, 0)).toBeCloseTo(milliseconds);
});

test('a profile counts the work of a GPU once, from the trace of its streams', () => {
  const gpu = [
    ...step,
    { device: '/device:GPU:0/stream:all', nodes: [ran('train_8/conv/3_Conv2D', 0, 250)] },
    { device: '/device:GPU:0/stream:14', nodes: [ran('train_8/conv/3_Conv2D', 0, 250)] },
  ];
  expect(summarise([gpu], []).milliseconds).toBeCloseTo(0.25);
});
