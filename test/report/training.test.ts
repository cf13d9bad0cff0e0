/** Tests of the lines that `resnet train` prints. */
import { expect, test } from '@jest/globals';
import { percentage } from '../../src/report/numbers.ts';
import { evalCommand, networkLine, recipeLines, resumedLines, trainLine } from '../../src/report/training.ts';
import { SETTINGS } from '../support/runs.ts';
import { STEP_EVENT } from '../support/step-event.ts';

test('a progress line has the lesson’s form: the images before the step, and their percentage', () => {
  expect(trainLine(STEP_EVENT)).toBe('Train Epoch: 1 [12800/55000 (23%)]\tTrain Loss: 0.123456\n');
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

test('the command that tests a checkpoint is quoted for a shell', () => {
  expect(evalCommand('a/best.safetensors')).toBe('npx resnet eval --checkpoint a/best.safetensors');
  expect(evalCommand('-x/b')).toBe('npx resnet eval --checkpoint ./-x/b');
  expect(evalCommand('a\u001b/b')).toBe("npx resnet eval --checkpoint 'a�/b'");
  expect(evalCommand("it's/b", 'my data')).toBe("npx resnet eval --checkpoint 'it'\\''s/b' --data-dir 'my data'");
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
