/** Every network that the definition gives takes a training step and is evaluated, op by op. */
import { beforeAll, expect, test } from '@jest/globals';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { DEPTHS, resNet, STEMS, VARIANTS } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';

const dataset = columnsDataset(20, 28);
const kinds = VARIANTS.flatMap((variant) => STEMS.flatMap((stem) => DEPTHS.map((depth) => ({ depth, variant, stem }))));

describeWithTensorFlow('a narrow network', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test.each(kinds)(
    'of depth $depth, variant $variant, stem $stem trains all its weights and is evaluated',
    async (kind) => {
      const network = resNet({ ...kind, width: 4, classes: 10 });
      const parameters = parametersOf(traceShapes(network, [1, 28, 28]));
      const values = initialValues(parameters, RandomGenerator.seeded(1, 'initialisation'));
      const engine = new EagerEngine(runtime, { network, parameters, state: { values, batchesTracked: 0 }, dataset });
      await engine.train(range(0, 8), 1e-3);
      expect((await engine.report()).firstNonFinite).toBeUndefined();
      const { values: after } = await engine.state();
      const weights = parameters.filter(({ kind: what }) => what.endsWith('Weight')).map(({ name }) => name);
      const unmoved = weights.filter((name) =>
        after.get(name)?.every((value, index) => value === values.get(name)?.[index]),
      );
      expect(unmoved).toEqual([]);
      expect((await engine.evaluate(range(8, 12))).lossSum).toBeGreaterThan(0);
      engine.dispose();
    },
  );
});
