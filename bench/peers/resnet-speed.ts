/** Images a second of training by this tool, measured as pytorch_speed.py does. Usage: node resnet-speed.js STEPS [compiled] */
import { loadDataset } from '../../src/dataset/source.ts';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { CompiledSteps } from '../../src/training/compiled-steps.ts';
import { batchOf, imageShape } from '../../src/training/evaluate.ts';
import { Model } from '../../src/training/model.ts';
import { EagerSteps } from '../../src/training/steps.ts';

const BATCH = 128;
const WARM_UP = 5;

const count = Number(process.argv[2]);
const dataset = loadDataset('train');
const runtime = await openRuntime({ backend: 'tensorflow' });
const network = resNet({ depth: 18, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 28, 28]));
const values = initialValues(parameters, RandomGenerator.seeded(0, 'initialisation'));
const model = new Model(runtime, network, parameters, { values, batchesTracked: 0 });
const image = imageShape(dataset);
const steps = process.argv[3] === 'compiled' ? await CompiledSteps.open(model, image) : new EagerSteps(model, image);
const milliseconds = [];
let loss = Number.NaN;
for (let step = 0; step < count + WARM_UP; step++) {
  const batch = batchOf(
    dataset,
    Int32Array.from({ length: BATCH }, (_, index) => step * BATCH + index),
  );
  const began = performance.now();
  loss = (await steps.train(batch, 1e-3)).lossSum / BATCH;
  milliseconds.push(performance.now() - began);
}
const measured = milliseconds.slice(WARM_UP).sort((a, b) => a - b);
const median = measured[measured.length >> 1] ?? Number.NaN;
const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(`${JSON.stringify({ imagesPerSecond: (BATCH / median) * 1e3, loss, peakMemoryBytes })}\n`);
