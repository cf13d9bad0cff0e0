/** Tests of the loss curve. */
import { describe, expect, test } from '@jest/globals';
import { lossCurve } from '../../src/report/loss-curve.ts';
import { LossHistory } from '../../src/report/loss-history.ts';

function epoch(number: number, train: number, validation: number) {
  return {
    type: 'epoch',
    epoch: number,
    step: number,
    learningRate: 0.001,
    train: { images: 1, loss: train, accuracy: 0 },
    validation: { images: 1, loss: validation, accuracy: 0, balancedAccuracy: 0, macroF1: 0 },
    best: true,
    imagesPerSecond: 1,
    trainSeconds: 1,
    seconds: 1,
  } as const;
}

function step(number: number, batch: number, loss: number) {
  const epochMean = { images: 1, loss, accuracy: 0 };
  const place = { epoch: number, step: batch, batches: 10, batch, seen: 0, total: 10 };
  return { type: 'step', ...place, loss, learningRate: 1, epochMean, imagesPerSecond: 1 } as const;
}

function historyOf(events: readonly Parameters<LossHistory['add']>[0][]): LossHistory {
  const history = new LossHistory();
  for (const event of events) history.add(event);
  return history;
}

const screen = { width: 50, unicode: true };

describe('the loss curve', () => {
  test('shows the epochs’ training and validation losses on a logarithmic scale', () => {
    const history = historyOf([epoch(1, 1, 0.5), epoch(2, 0.1, 0.2), epoch(3, 0.01, 0.3), epoch(4, 0.01, 0.02)]);
    expect(`\n${lossCurve(history, screen)}`).toBe(`
       1 ┤··
         │● ····
         │      ····   ●            ●
         │          ···
     0.1 ┤             ····
         │                 ····
         │                     ····              ●
    0.01 ┤                         ···············
         └────────────────────────────────────────
          1                                epoch 4
          · training loss  ● validation loss
`);
  });

  test('shows the steps’ losses if there are fewer than three epochs', () => {
    const steps = [step(1, 0, 2.3), step(1, 5, 0.5), step(1, 9, 0.4)];
    const curve = lossCurve(historyOf([...steps, epoch(1, 0.9, 0.3), step(2, 9, 0.1), epoch(2, 0.2, 0.2)]), screen);
    expect(`\n${curve}`).toBe(`
     2.3 ┤··
         │  ···
         │     ···
         │        ····
    0.48 ┤            ···········
         │                  ●    ······          ●
         │                             ·······
     0.1 ┤                                    ····
         └────────────────────────────────────────
          0.1                              epoch 2
          · training loss  ● validation loss
`);
  });

  test('is drawn in ASCII on a terminal without Unicode', () => {
    const history = historyOf([epoch(1, 1, 0.5), epoch(2, 0.1, 0.2), epoch(3, 0.01, 0.3)]);
    const curve = lossCurve(history, { width: 80, unicode: false });
    expect(curve).toMatch(/^[ -~\n]+$/);
    expect(curve).toContain('\n          . training loss  o validation loss\n');
  });

  test('fits a thousand epochs, and losses that are 0 or all equal, into 80 columns and 11 lines', () => {
    const many = Array.from({ length: 1000 }, (_, index) => epoch(index + 1, 1 / (index + 1) ** 2, 0.5));
    for (const events of [many, [epoch(1, 0, 0), epoch(2, 0, 0), epoch(3, 0, 0)]]) {
      const lines = lossCurve(historyOf(events), { width: 80, unicode: true }).split('\n');
      expect(lines).toHaveLength(12); // and the end of the last one
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
      expect(lines.join('')).not.toMatch(/NaN|Infinity/);
    }
  });

  test('labels losses of many digits with an exponent, so that its axis stays straight', () => {
    const history = historyOf([epoch(1, 4.7e9, 3.4e38), epoch(2, 1, 1), epoch(3, 1e-6, 1)]);
    const rows = lossCurve(history, screen).split('\n').slice(0, 8);
    expect(rows.map((row) => row.slice(0, 10))).toEqual([
      ...[' 3.4e+38 ┤', '         │', '         │', '         │'],
      ...[' 1.8e+16 ┤', '         │', '         │', '0.000001 ┤'],
    ]);
  });

  test('is empty for a single step, and on a terminal that is too narrow', () => {
    expect(lossCurve(historyOf([step(1, 9, 1), epoch(1, 1, 1)]), screen)).toBe('');
    const history = historyOf([epoch(1, 1, 1), epoch(2, 1, 1), epoch(3, 1, 1)]);
    expect(lossCurve(history, { width: 15, unicode: true })).toBe('');
  });
});
