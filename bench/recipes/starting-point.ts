/**
 * Writes the starting point of `resnet train --recipe lesson` for pytorch_lesson.py: initial weights, split and order
 * of the images.
 *
 * Usage: node dist/bench/recipes/starting-point.js SEED FOLDER
 *
 * Writes FOLDER/initial.safetensors and FOLDER/indices.json. The latter has indices of training images: `validation`,
 * and in `epochs` a list for each epoch, in the order of training.
 */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors } from '../../src/checkpoint/safetensors.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { splitTrainingData } from '../../src/dataset/split.ts';
import { tensorsOf } from '../../src/model/model-tensors.ts';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { RECIPES } from '../../src/run/recipes.ts';

const VALIDATION_SIZE = 5000; // default of --val-size

const [seedText = '', folder = ''] = process.argv.slice(2);
const seed = Number(seedText);
const dataset = await loadDataset('train');
const { train, validation } = splitTrainingData(dataset, { validationSize: VALIDATION_SIZE, seed });
const shuffling = RandomGenerator.seeded(seed, 'shuffle');
const epochs = Array.from({ length: RECIPES.lesson.epochs }, () => {
  const order = train.slice();
  shuffling.shuffle(order);
  return [...order];
});
writeFileSync(join(folder, 'indices.json'), JSON.stringify({ validation: [...validation], epochs }));

const parameters = parametersOf(
  traceShapes(resNet({ ...LESSON, classes: 10 }), [dataset.channels, dataset.height, dataset.width]),
);
const values = initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation'));
const file = openSync(join(folder, 'initial.safetensors'), 'w');
for (const piece of encodeSafetensors(tensorsOf(parameters, { values, batchesTracked: 0 }), {})) writeSync(file, piece);
