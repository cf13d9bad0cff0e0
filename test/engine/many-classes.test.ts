/** Engines read labels of more than 256 classes, which take two bytes each. */
import { expect, test } from '@jest/globals';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { predictionsOf, sumOf } from '../../src/evaluation/predictions.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState } from '../support/states.ts';

const CLASSES = 65_535;
const network = residualNetwork({ stageBlocks: [1], width: 2, classes: CLASSES });
const parameters = parametersOf(traceShapes(network, [1, 12, 12]));
const labels = Uint16Array.of(0, 255, 256, 257, 511, 512, 65_279, 65_534);
const dataset: Dataset = { ...columnsDataset(labels.length, 12), labels, classes: CLASSES };

describeWithTensorFlow('an engine', () => {
  test.each([true, false])('takes the loss of each label of 65,535 classes (compiled: %s)', async (compile) => {
    const runtime = await openRuntime({ backend: 'tensorflow' });
    const engine = openEngine(runtime, { network, parameters, state: initialState(parameters), dataset }, compile);
    for (const image of labels.keys()) {
      const { lossSum, logits } = await engine.evaluate(Int32Array.of(image));
      expect(lossSum).toBeCloseTo(sumOf(predictionsOf(dataset, Int32Array.of(image), logits)).lossSum, 4);
    }
    await engine.train(range(0, labels.length), 1e-3);
    expect((await engine.report()).sums.count).toBe(labels.length);
    engine.dispose();
  });
});
