/** The exponential moving average of the weights (--ema). */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Hyperparameters, PLAIN_ADAM } from '../../src/engine/hyperparameters.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import type { ModelState } from '../../src/model/model.ts';
import { type Values, withDecayApplied } from '../../src/model/parameter-layout.ts';
import { type Parameter, parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

// Images so small that some taps of the last stage are dead.
const network = residualNetwork({ stageBlocks: [1, 1, 1], width: 4, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 9, 9]));
const dataset = columnsDataset(200, 9);
const averaged = parameters.filter(({ kind }) => kind !== 'batchCount');

const hyperparameters: Hyperparameters = { ...PLAIN_ADAM, weightDecay: 2, ema: 0.15 };
/** Decays of steps 1 to 4: (1 + t) / (10 + t) in the first steps, then the configured one. */
const DECAYS = [0.15, 0.15, 0.15, 0.15].map((ema, index) => Math.min(ema, (2 + index) / (11 + index)));

const laidOut = (values: Values) => new Map(averaged.map(({ name }: Parameter) => [name, values.get(name) ?? []]));

describe.each([
  { how: 'one graph', compile: true },
  { how: 'op by op', compile: false },
])('the moving average of an engine that runs $how', ({ compile }) => {
  describeWithTensorFlow('on TensorFlow', () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend: 'tensorflow' });
    });

    const engineFrom = (state: ModelState, how: Hyperparameters = hyperparameters) =>
      openEngine(runtime, { network, parameters, state, dataset, hyperparameters: how }, compile);

    test('moves towards weights, statistics and dead weights with each step, and is what is evaluated', async () => {
      const engine = engineFrom(initialState(parameters));
      await engine.startEpoch();
      const expected = new Map(
        [...laidOut(initialState(parameters).values)].map(([name, value]) => [name, [...value]]),
      );
      for (const [index, decay] of DECAYS.entries()) {
        await engine.train(range(16 * index, 16), 1e-2);
        const { values, optimizer } = await engine.state();
        for (const [name, value] of laidOut(withDecayApplied(values, parameters, optimizer))) {
          const average = expected.get(name) ?? [];
          for (const [at, weight] of [...value].entries()) {
            average[at] = decay * (average[at] ?? Number.NaN) + (1 - decay) * weight;
          }
        }
      }
      const { averaged: found, batchesTracked } = await engine.state();
      if (!found) throw new Error('there is no average');
      const average = withDecayApplied(found.values, parameters, found);
      for (const [name, wanted] of expected) {
        expect([name, relativeError(average.get(name) ?? [], wanted) < 1e-5]).toEqual([name, true]);
      }

      const alone = engineFrom({ values: average, batchesTracked }, PLAIN_ADAM);
      const [validated, same] = [await engine.evaluate(range(100, 50)), await alone.evaluate(range(100, 50))];
      expect(validated.lossSum / same.lossSum).toBeCloseTo(1, 5);
      engine.dispose();
      alone.dispose();
    });
  });
});
