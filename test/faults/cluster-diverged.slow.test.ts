/** Runs of two workers whose loss is not finite: on both, and in the part of one alone. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { withFlags } from '../support/flags.ts';
import { resnet } from '../support/resnet.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { initialState } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { leftBehind } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { SHARED_RUN } from './workers.ts';

const root = temporaryFolder();
const options = { skip: noTensorFlow };
const newFolder = () => mkdtempSync(join(root, 'diverged-'));

testFault(
  'a training of 2 workers that diverges',
  'exit 6 with the step, and what was saved before stays',
  async (see) => {
    const folder = newFolder();
    const words = withFlags(SHARED_RUN, '--lr', '1e30', '--workers', '2', '--checkpoint-dir', folder);
    const { code, stderr } = await resnet(words);
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toMatch(/^resnet: training diverged: the loss is not finite since step \d+ /);
    expect([code, leftBehind(folder)]).toEqual([6, []]);
  },
  options,
);

/**
 * A run of one step whose loss is not finite in one worker's part alone: the stem's weights are near float32's largest, so
 * that the one white image overflows, and the black ones, which are zeros, do not. Statistics are those of the parts.
 */
function oneBadPart(): string[] {
  const folder = newFolder();
  const [count, side, white] = [20, 12, 5]; // image 5 is in the part of worker 1
  const pixels = new Uint8Array(count * side ** 2).fill(255, white * side ** 2, (white + 1) * side ** 2);
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idxBytes([count, side, side], pixels));
  writeFileSync(
    join(folder, 'train-labels-idx1-ubyte'),
    idxBytes(
      [count],
      pixels.subarray(0, count).map((_, index) => index % 10),
    ),
  );
  const parameters = parametersOf(traceShapes(resNet({ depth: 18, width: 4, classes: 10 }), [1, side, side]));
  const values = initialState(parameters).values;
  const tensors = parameters.flatMap(({ name, shape }): [string, Tensor][] => {
    const value = values.get(name);
    if (!value) return [];
    return [[name, { dtype: 'F32', shape, data: name === 'conv.weight' ? value.map(() => 1e38) : value }]];
  });
  writeSafetensors(join(folder, 'init.safetensors'), new Map(tensors));
  const words = withFlags(SHARED_RUN, '--limit-train', '16', '--limit-val', '4', '--val-size', '4', '--epochs', '1');
  return [...words, '--data-dir', folder, '--init', join(folder, 'init.safetensors'), '--normalize', '0,1'];
}

testFault(
  'the loss is not finite in the part of worker 1 alone',
  'exit 6; worker 0 says that worker 1 was lost, and why',
  async (see) => {
    const folder = newFolder();
    const { code, stderr } = await resnet([...oneBadPart(), '--workers', '2', '--checkpoint-dir', folder]);
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toMatch(
      /resnet: worker 1 was lost: training diverged: its loss is not finite since step 1 .*\(exit 6\)/,
    );
    expect([code, leftBehind(folder)]).toEqual([6, []]);
  },
  options,
);
