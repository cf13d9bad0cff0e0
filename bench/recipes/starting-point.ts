/**
 * What `resnet train --recipe lesson` begins with, for pytorch_lesson.py: the same weights, images and order.
 *
 * Usage: node dist/bench/recipes/starting-point.js SEED FOLDER
 *
 * Writes FOLDER/initial.safetensors and FOLDER/images.json: `validation` and, for each epoch, `epochs`, in the order in
 * which they are trained on; indices of training images.
 */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors } from '../../src/checkpoint/safetensors.ts';
import { loadDataset } from '../../src/dataset/source.ts';
import { splitTrainingData } from '../../src/dataset/split.ts';
import { tensorsOf } from '../../src/model/model-file.ts';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { RECIPES } from '../../src/run/recipes.ts';

const VALIDATION_SIZE = 5000; // train's default

const [seedText = '', folder = ''] = process.argv.slice(2);
const seed = Number(seedText);
const dataset = loadDataset('train');
const { train, validation } = splitTrainingData(dataset, { validationSize: VALIDATION_SIZE, seed });
const shuffling = RandomGenerator.seeded(seed, 'shuffle');
const epochs = Array.from({ length: RECIPES.lesson.epochs }, () => {
  const order = train.slice();
  shuffling.shuffle(order);
  return [...order];
});
writeFileSync(join(folder, 'images.json'), JSON.stringify({ validation: [...validation], epochs }));

const parameters = parametersOf(
  traceShapes(resNet({ ...LESSON, classes: 10 }), [dataset.channels, dataset.height, dataset.width]),
);
const values = initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation'));
const file = openSync(join(folder, 'initial.safetensors'), 'w');
for (const piece of encodeSafetensors(tensorsOf(parameters, { values, batchesTracked: 0 }), {})) writeSync(file, piece);
