/** Tests of the lines that `resnet train` prints. */
import { describe, expect, test } from '@jest/globals';
import { LESSON } from '../../src/net/resnet.ts';
import { percentage } from '../../src/numbers.ts';
import {
  chanceLine,
  classWeightsLine,
  endLines,
  evalCommand,
  frozenLine,
  networkLine,
  recipeLines,
  resumedLines,
  thawLine,
  trainingDataLine,
  trainLine,
} from '../../src/report/training.ts';
import type { BestMeasure } from '../../src/training/best-measure.ts';
import { SETTINGS } from '../support/runs.ts';
import { STEP_EVENT } from '../support/step-event.ts';

test('a progress line has the lesson’s form: the images before the step, and their percentage', () => {
  expect(trainLine(STEP_EVENT)).toBe('Train Epoch: 1 [12800/55000 (23%)]\tTrain Loss: 0.123456\n');
  expect(trainLine({ ...STEP_EVENT, loss: 4.7e9 })).toBe('Train Epoch: 1 [12800/55000 (23%)]\tTrain Loss: 4.7e+9\n');
});

test('the recipe’s settings are shown as flags within 80 columns, without digits of binary rounding', () => {
  expect(recipeLines({ ...SETTINGS, recipe: 'fast', labelSmoothing: 0.1, betas: [0.9, 0.99], warmup: 0.1 + 0.2 })).toBe(
    [
      'recipe fast: --epochs 2 --batch-size 8 --lr 0.001 --schedule constant',
      '  --warmup 0.3 --betas 0.9,0.99 --label-smoothing 0.1',
      '',
    ].join('\n'),
  );
});

test('what is frozen is said with the parameters that are trained, and the epoch of the thaw if there is one', () => {
  const parts = ['stem', 'stage1'] as const;
  expect(frozenLine({ frozen: { parts, trained: 11_026_314, thawAt: 3 } })).toBe(
    'frozen stem, stage1 until epoch 3: 11,026,314 parameters are trained\n',
  );
  expect(frozenLine({ frozen: { parts, trained: 5130 } })).toBe('frozen stem, stage1: 5,130 parameters are trained\n');
  expect(frozenLine({})).toBe('');
  expect(thawLine({ epoch: 3 })).toBe('epoch 3: the frozen parts are trained from here on\n');
});

test('weights of classes are said by the smallest and the largest', () => {
  expect(classWeightsLine({ classWeights: [1 / 3, 4] })).toBe('classes weigh 0.333 to 4 in the training loss\n');
  expect(classWeightsLine({})).toBe('');
});

describe('the best epoch', () => {
  const best = { epoch: 3, step: 30, loss: 0.1193, accuracy: 0.992, balancedAccuracy: 0.75, macroF1: 0.5 };
  const end = {
    type: 'end',
    step: 40,
    best,
    checkpoint: 'best',
    seconds: 1,
    savingSeconds: 0.5,
    peakMemoryBytes: 1,
  } as const;
  const lineOf = (bestBy?: BestMeasure) =>
    /^best epoch [\s\S]*?(?=\nsaved)/m.exec(endLines({ ...end, ...(bestBy && { bestBy }) }))?.[0];

  test('is named at the end with the measure by which it was chosen, where that is not the loss', () => {
    expect([lineOf(), lineOf('accuracy'), lineOf('macro-f1')]).toEqual([
      'best epoch 3: validation loss 0.1193, accuracy 99.20 %',
      'best epoch 3 by accuracy 99.20 %: loss 0.1193, accuracy 99.20 %',
      'best epoch 3 by macro F1 50.00 %: loss 0.1193, accuracy 99.20 %',
    ]);
    const text = endLines({ ...end, bestBy: 'balanced-accuracy', chance: { loss: 2.3, accuracy: 0.99 } });
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(1, 3)
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(80);
  });
});

test("of several workers' memory the end names whose it is", () => {
  const best = { epoch: 1, loss: 1, accuracy: 0.5 };
  const end = {
    type: 'end',
    step: 1,
    best,
    checkpoint: 'best',
    seconds: 1,
    savingSeconds: 0,
    peakMemoryBytes: 2 ** 20,
  };
  expect(endLines(end as Parameters<typeof endLines>[0], { rank: 0 })).toContain('peak memory 1 MiB in worker 0\n');
});

describe('the data of a run are described', () => {
  const data = { source: 'MNIST', sha256: 'c5', split: { train: 55_000, val: 5000 }, transposed: false };
  const architecture = { ...LESSON, channels: 1, classes: 10 };
  const all = { architecture, trainImages: 55_000, validationImages: 5000 };

  test('by their source and the images of both splits', () => {
    expect(trainingDataLine({ data, ...all })).toBe('data MNIST: 55,000 training images, 5,000 for validation\n');
  });

  test('with the number of images of each whole split if only some are used', () => {
    expect(trainingDataLine({ data, architecture, trainImages: 512, validationImages: 100 })).toBe(
      'data MNIST: 512 of 55,000 training images, 100 of 5,000 for validation\n',
    );
  });

  test('in two lines if one would be wider than 80 columns, without the control characters of the path', () => {
    const source = `/data/\u001b[31m${'long/'.repeat(6)}`;
    expect(trainingDataLine({ data: { ...data, source, transposed: true }, ...all })).toBe(
      `data /data/\\u001b[31m${'long/'.repeat(6)}, transposed:\n  55,000 training images, 5,000 for validation\n`,
    );
  });
});

describe('data of one’s own are described in lines of their own', () => {
  const names = ['ant', 'bee', 'cat'];
  const data = {
    ...{ source: 'pets', sha256: 'c5', transposed: false, format: 'folder' as const, classNames: names },
    split: { train: 800, val: 100, test: 100 },
    input: [3, 64, 48] as const,
    normalisation: [0.5, 0.4, 0.3, 0.2, 0.1, 0.25],
    preparation: { as: 'picture', fit: 'pad', fill: [1, 2, 3] } as const,
  };
  const architecture = { ...LESSON, channels: 3, classes: 3 };
  const all = { architecture, trainImages: 800, validationImages: 100 };

  test('parts, classes with their sizes, and images with padding, duplicates and normalisation', () => {
    const facts = { ...data, classSizes: [200, 300] as const, duplicates: 12, padded: true as const };
    expect(trainingDataLine({ data: facts, ...all })).toBe(
      [
        'data pets: 800 training images, 100 for validation, 100 held out for test',
        'classes 3, 200 to 300 training images each: ant, bee, cat',
        'images 3×64×48 (padded), 12 exact duplicates, normalised by mean 0.5, 0.4, 0.3,',
        '  deviation 0.2, 0.1, 0.25',
        '',
      ].join('\n'),
    );
  });

  test('of many classes the first twenty are named', () => {
    const many = Array.from({ length: 65_535 }, (_, index) => `c${index}`);
    const text = trainingDataLine({
      ...all,
      data: { ...data, classNames: many, classSizes: [1, 1] },
      architecture: { ...architecture, classes: many.length },
    });
    expect(text).toContain('classes 65,535, 1 training images each: c0, c1,');
    expect(text).toMatch(/c18, c19, …\n/);
  });

  test('a long name of a class is cut', () => {
    const text = trainingDataLine({ data: { ...data, classNames: ['x'.repeat(200), 'bee', 'cat'] }, ...all });
    expect(text).toContain(`classes 3: ${'x'.repeat(39)}…, bee, cat\n`);
  });

  test('bare numbers have no names, but the images of the classes are counted', () => {
    const { classNames: _, ...bare } = data;
    const text = trainingDataLine({ data: { ...bare, classSizes: [200, 300] }, ...all });
    expect(text.split('\n')[1]).toBe('classes 3, 200 to 300 training images each');
  });

  test('digits in IDX files have no line of classes, but their normalisation is said', () => {
    const { classNames: _, preparation: __, ...bare } = data;
    expect(trainingDataLine({ data: { ...bare, input: [1, 28, 28], normalisation: [0.1307, 0.3081] }, ...all })).toBe(
      'data pets: 800 training images, 100 for validation, 100 held out for test\n' +
        'images 1×28×28, normalised by mean 0.1307, deviation 0.3081\n',
    );
  });
});

test('the command that tests a checkpoint is quoted for a shell', () => {
  expect(evalCommand('a/best.safetensors')).toBe('resnet eval --checkpoint a/best.safetensors');
  expect(evalCommand('-x/b')).toBe('resnet eval --checkpoint ./-x/b');
  expect(evalCommand('a\u202e/b')).toBe(String.raw`resnet eval --checkpoint $'a\u202e/b'`);
  expect(evalCommand("it's/b")).toBe("resnet eval --checkpoint 'it'\\''s/b'");
});

test('a run that learned nothing is told what guessing gives', () => {
  const best = { epoch: 1, step: 100, loss: 4.7e9, accuracy: 0.1 };
  const chance = { loss: Math.log(10), accuracy: 0.1135 };
  expect(chanceLine(best, chance)).toBe(
    'the best epoch is no better than chance (validation loss 4.7e+9, guessing gives 2.30): try a smaller --lr',
  );
  expect(chanceLine({ ...best, loss: 2.2999 }, chance)).toBe(
    'the best epoch is no better than chance (accuracy 10.00 %, the most frequent class alone gives 11.35 %): ' +
      'try another --lr',
  );
});

test('a fraction is shown as a percentage', () => {
  expect(percentage(0.98765)).toBe('98.77 %');
});

test('the network is described in one line', () => {
  const architecture = { depth: 18, variant: 'lesson', stem: 'imagenet', width: 64, channels: 1, classes: 10 } as const;
  expect(networkLine({ architecture, parameters: 11_178_378 })).toBe(
    'network ResNet-18 (lesson, stem imagenet, width 64): 11,178,378 parameters\n',
  );
});

test('a resumed run shows the position at which it resumes, and the changed settings', () => {
  const position = { checkpoint: 'run/last.safetensors', epoch: 2, batch: 4, batches: 10, changes: [] };
  expect(resumedLines(position, 14)).toBe(
    'resuming from run/last.safetensors\n  at epoch 2, step 5 of 10 (14 steps done)\n',
  );
  const changes = [
    { name: 'lr', from: 0.001, to: 0.01 },
    { name: 'weight-decay', from: null, to: 0.1 },
    { name: 'max-time', from: 4.1 * 60, to: 90 },
    { name: 'betas', from: [0.9, 0.999], to: [0.1 + 0.2, 0.99] },
  ];
  expect(resumedLines({ ...position, batch: 10, changes, recomputed: 'cosine' }, 20)).toBe(
    'resuming from run/last.safetensors\n  at epoch 2, validation (20 steps done)\n' +
      'lr was 0.001 and is now 0.01\n' +
      'weight-decay was not given and is now 0.1\n' +
      'max-time was 246 and is now 90\n' +
      'betas was 0.9,0.999 and is now 0.3,0.99\n' +
      'the cosine schedule is recomputed from step 21 on\n',
  );
});
