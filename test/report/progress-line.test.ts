/** Tests of the live line. */
import { describe, expect, test } from '@jest/globals';
import { duration, loadingLine, progressLine, validationLine } from '../../src/report/progress-line.ts';
import { STEP_EVENT } from '../support/step-event.ts';

/**
 * The room of the line on a terminal of 80 columns: a spinner and a space come before it, and the last column is free.
 */
const screen = { width: 77, unicode: true };

/** A step with long numbers. */
const long = {
  ...STEP_EVENT,
  epoch: 1000,
  batches: 9999,
  batch: 4999,
  seen: 0,
  total: 55_000,
  epochMean: { images: 1, loss: 12.3456, accuracy: 1 },
  steadyImagesPerSecond: 12_345,
};

test('reading and decoding pictures shows a bar and the time left', () => {
  const progress = { doing: 'decoding' as const, done: 1500, total: 6000 };
  expect(loadingLine(progress, 4, screen)).toBe('█████░░░░░░░░░░░░░░░  decoding pictures 1500/6000  0:12 left');
  expect(loadingLine({ ...progress, done: 0 }, 0, { ...screen, unicode: false })).toBe(
    '--------------------  decoding pictures 0/6000',
  );
});

test.each([
  [50, '███░░░░░░░  decoding pictures 1500/6000  0:12 left'],
  [37, '██░░░░  decoding 1500/6000  0:12 left'],
  [34, 'decoding 1500/6000  0:12 left'],
])('the time left of decoding is shown on a line of %d characters', (width, line) => {
  expect(line.length).toBeLessThanOrEqual(width);
  expect(loadingLine({ doing: 'decoding', done: 1500, total: 6000 }, 4, { ...screen, width })).toBe(line);
});

describe('the live line', () => {
  test('shows epoch, a bar of its steps, loss, accuracy, learning rate, speed and time left', () => {
    expect(progressLine(STEP_EVENT, 2, { ...screen, width: 100 })).toBe(
      'epoch 1/2  █████░░░░░░░░░░░░░░░  loss 0.2500  acc. 92.34 %  lr 9.8e-4  500 images/s  3:14 left',
    );
    expect(progressLine(STEP_EVENT, 2, screen)).toBe(
      'epoch 1/2  ██░░░░░░  loss 0.2500  92.34 %  lr 9.8e-4  500 images/s  3:14 left',
    );
  });

  test('shows all its parts in 80 columns even with thousands of epochs and steps', () => {
    expect(progressLine(long, 9999, screen)).toBe(
      '1000/9999  ████░░░░  loss 12.3456  100.00 %  lr 9.8e-4  12345 img/s  11:08:17',
    );
  });

  test('shows the best epoch so far, if it is given, where there is room for it', () => {
    const line = (width: number) =>
      progressLine(STEP_EVENT, 2, { ...screen, width }, { best: ['best macro F1 91.20 %', 'best 91.20 %'] });
    expect(line(110)).toContain('  lr 9.8e-4  best macro F1 91.20 %  500 images/s  3:14 left');
    expect(line(94)).toContain('  lr 9.8e-4  best 91.20 %  500 images/s  3:14 left');
    for (const width of [80, 60, 40, 20]) expect(line(width).length).toBeLessThanOrEqual(width);
    expect(line(50)).not.toContain('best');
  });

  test('shows neither speed nor time left before they are known without the first step', () => {
    const { steadyImagesPerSecond: _, ...first } = STEP_EVENT;
    expect(progressLine(first, 2, { ...screen, width: 100 })).toBe(
      'epoch 1/2  █████░░░░░░░░░░░░░░░  loss 0.2500  acc. 92.34 %  lr 9.8e-4',
    );
  });

  test('shows all its parts in 80 columns even with the loss of a run that goes astray', () => {
    const epochMean = { images: 12_928, loss: 4.7e9, accuracy: 0.1 };
    expect(progressLine({ ...STEP_EVENT, epochMean, learningRate: 10 }, 2, screen)).toBe(
      'epoch 1/2  ███░░░░░░░░░  loss 4.7e+9  10.00 %  lr 10  500 images/s  3:14 left',
    );
  });

  test.each([70, 60, 50, 40, 30, 20, 10])('is never longer than a room of %i characters', (width) => {
    for (const event of [STEP_EVENT, long]) {
      const line = progressLine(event, 9999, { ...screen, width });
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).toContain(`${event.epoch}/9999`);
    }
  });

  test('is drawn in ASCII on a terminal without Unicode', () => {
    expect(progressLine({ ...STEP_EVENT, learningRate: 0.05 }, 2, { width: 100, unicode: false })).toContain(
      '  #####---------------  loss 0.2500  acc. 92.34 %  lr 0.05  ',
    );
  });

  test('shows how far the validation is', () => {
    const event = { type: 'validation', epoch: 3, done: 2500, total: 5000 } as const;
    expect(validationLine(event, 10, screen)).toBe('epoch 3/10  ██████████░░░░░░░░░░  validating 2500/5000');
  });
});

test('a duration is shown as minutes and seconds, and from one hour on with the hours', () => {
  expect([0.4, 75.2, 3599.6, 3675].map(duration)).toEqual(['0:00', '1:15', '1:00:00', '1:01:15']);
});
