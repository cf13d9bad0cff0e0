/**
 * Trains with Adam on given batches of MNIST from given weights, for loss_curves.py.
 *
 * Usage: node dist/bench/peers/loss-curve.js INITIAL.safetensors BATCHES.json
 *
 * BATCHES.json has lists of indices of training images. Prints a list in JSON: each batch's mean loss (nats) before its
 * step.
 */
import { readFileSync } from 'node:fs';
import { loadDataset } from '../../src/dataset/load.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime } from '../../src/runtime/open.ts';

const LEARNING_RATE = 1e-3;

const [initial = '', batchesFile = ''] = process.argv.slice(2);
const batches: number[][] = JSON.parse(readFileSync(batchesFile, 'utf8'));
const { architecture, state } = await readModelFile(initial);
const dataset = await loadDataset('train');
const network = resNet(architecture);
const parameters = parametersOf(traceShapes(network, [dataset.channels, dataset.height, dataset.width]));
const engine = openEngine(await openRuntime(), { network, parameters, state, dataset }, true);

const losses: number[] = [];
for (const batch of batches) {
  await engine.train(Int32Array.from(batch), LEARNING_RATE);
  losses.push((await engine.report()).loss);
}
engine.dispose();
process.stdout.write(`${JSON.stringify(losses)}\n`);
