/** Pictures are answered batch by batch, as each alone is, by a real network. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { answerPictures } from '../../../src/evaluation/predict/answer-pictures.ts';
import type { PictureModel } from '../../../src/evaluation/predict/picture-model.ts';
import type { AnsweredPicture, PredictedPicture } from '../../../src/evaluation/predict/pictures.ts';
import { PicturePredictor, pictureBatchSize } from '../../../src/evaluation/predict/predictor.ts';
import { parametersOf } from '../../../src/net/parameters.ts';
import { LESSON, resNet } from '../../../src/net/resnet.ts';
import { traceShapes } from '../../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { initialState } from '../../support/states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const size = { height: 16, width: 16 };
const architecture = { ...LESSON, width: 2, channels: 3, classes: 3 };
const parameters = parametersOf(traceShapes(resNet(architecture), [3, 16, 16]));
const file = { architecture, state: initialState(parameters), metadata: undefined, checksum: undefined };
const model: PictureModel = {
  ...{
    file,
    size,
    channels: 3,
    normalisation: { mean: 0.5, std: 0.005 },
    trainedOn: undefined,
    strangeness: undefined,
  },
  ...{ whole: { fit: 'stretch', fill: [0, 0, 0] }, classNames: ['ant', 'bee', 'cat'] },
};

/** Seven pictures, the third and the last of them broken. */
const paths: string[] = [];
beforeAll(async () => {
  for (let index = 0; index < 7; index++) {
    const path = join(folder, `${index}.png`);
    paths.push(path);
    const pixels = Buffer.from(Array.from({ length: 1200 }, (_, at) => (at * at * (index + 1)) % (100 + 25 * index)));
    if (index === 2 || index === 6) writeFileSync(path, 'no picture');
    else await sharp(pixels, { raw: { height: 20, width: 20, channels: 3 } }).toFile(path);
  }
});

/** Answers pictures in batches of a size. */
async function answersOf(
  runtime: Runtime,
  {
    batchSize = 3,
    compile = false,
    leastProbability = 0,
    given = paths,
    temperature = undefined as number | undefined,
  },
): Promise<AnsweredPicture[][]> {
  const open = async () => runtime;
  const predictor = new PicturePredictor(model, batchSize, { open, compile });
  const choice = { top: 2, leastProbability, temperature };
  const batches: AnsweredPicture[][] = [];
  try {
    for await (const batch of answerPictures(given, { model, predictor, choice, batchSize })) batches.push(batch);
  } finally {
    predictor.dispose();
  }
  return batches;
}

/** The most probable class of each picture. */
const FIRST = { top: 1, leastProbability: 0 };

/** The probabilities of each answered picture's classes, rounded. */
function roundedTops(batches: readonly AnsweredPicture[][]) {
  return batches.flat().map(({ answer }) => {
    if (!('top' in answer)) return undefined;
    return answer.top.map(({ predicted, probability }) => [predicted, Number(probability.toFixed(3))]);
  });
}

/** The answers to each picture alone, op by op. */
let alone: ReturnType<typeof roundedTops>;
let wasm: Runtime;
beforeAll(async () => {
  wasm = await openRuntime({ backend: 'wasm' });
  alone = [];
  for (const path of paths) alone.push(...roundedTops(await answersOf(wasm, { batchSize: 1, given: [path] })));
});

/** The answers of batches are those of each picture alone, in their order, with faults at their places. */
async function expectAnswers(runtime: Runtime, compile: boolean): Promise<void> {
  const batches = await answersOf(runtime, { compile });
  expect(batches.map((batch) => batch.length)).toEqual([3, 3, 1]);
  expect(batches.flat().map(({ read }) => read.path)).toEqual(paths);
  expect(roundedTops(batches)).toEqual(alone);
}

test('pictures have answers of their own, and broken ones none', () => {
  expect(alone.map((top) => top?.length)).toEqual([2, 2, undefined, 2, 2, 2, undefined]);
  expect(new Set(alone.map((top) => JSON.stringify(top))).size).toBe(6);
});

test('op by op, batches are answered as each picture alone', () => expectAnswers(wasm, false));

describeWithTensorFlow('as a graph', () => {
  test('batches are answered as each picture alone', async () => {
    await expectAnswers(await openRuntime({ backend: 'tensorflow', device: 'cpu' }), true);
  });
});

describe('an answer', () => {
  test('names its classes, and says unknown below the least probability', async () => {
    const [first] = (await answersOf(wasm, { given: paths.slice(0, 1) })).flat();
    if (first === undefined || !('top' in first.answer)) throw new Error('no answer');
    const { predicted, predictedName, probability, top } = first.answer;
    expect([predicted, predictedName, probability]).toEqual([
      top[0]?.predicted,
      ['ant', 'bee', 'cat'][predicted ?? -1],
      top[0]?.probability,
    ]);
    const [unknown] = (await answersOf(wasm, { given: paths.slice(0, 1), leastProbability: 1 })).flat();
    expect(unknown?.answer).toEqual({ ...first.answer, predicted: null, predictedName: 'unknown' });
  });

  test('has the probabilities of logits divided by the temperature, which decide whether it is unknown', async () => {
    const answer = async (choice: { temperature?: number; leastProbability?: number }) => {
      const [first] = (await answersOf(wasm, { given: paths.slice(0, 1), ...choice })).flat();
      if (first === undefined || !('top' in first.answer)) throw new Error('no answer');
      return first.answer;
    };
    const [plain, sure] = [await answer({}), await answer({ temperature: 0.25 })];
    const ratio = ({ top }: PredictedPicture) => Math.log(top[0]!.probability / top[1]!.probability);
    expect(ratio(sure)).toBeCloseTo(4 * ratio(plain), 4);
    expect(sure.top.map(({ predicted }) => predicted)).toEqual(plain.top.map(({ predicted }) => predicted));
    const between = (plain.probability + sure.probability) / 2;
    expect((await answer({ leastProbability: between })).predicted).toBeNull();
    expect((await answer({ leastProbability: between, temperature: 0.25 })).predicted).toBe(plain.predicted);
  });

  test('a batch is answered before the next is read, but for those that are read ahead', async () => {
    const predictor = new PicturePredictor(model, 1, { open: async () => wasm, compile: false });
    let read = 0;
    const many = Array.from({ length: 500 }, () => paths[0]!);
    const batches = answerPictures(many, { model, predictor, choice: FIRST, batchSize: 1 }, { onRead: () => read++ });
    await batches.next();
    expect(read).toBe(1);
    await batches.return(undefined);
    predictor.dispose();
  });

  test('an interrupted reading throws the reason, and tells of the faults that were not yet given', async () => {
    const stop = new AbortController();
    const lost: string[] = [];
    const predictor = new PicturePredictor(model, 7, { open: async () => wasm, compile: false });
    const batches = answerPictures(
      paths,
      { model, predictor, choice: FIRST, batchSize: 7 },
      {
        signal: stop.signal,
        onRead: (done) => done === 4 && stop.abort(new Error('stopped')),
        onLost: (faults) => lost.push(...faults.map(({ path }) => path)),
      },
    );
    await expect(batches.next()).rejects.toThrow('stopped');
    expect(lost).toEqual([paths[2]]);
  });
});

test('a batch has no more pictures than there are, and at most 64, fewer of larger images', () => {
  const of = (side: number, pictures: number) => pictureBatchSize({ size: { height: side, width: side } }, pictures);
  expect([of(28, 1), of(28, 1000), of(224, 1000), of(4000, 1000), of(28, 0)]).toEqual([1, 64, 7, 1, 1]);
});
