/** Tests of the table of epochs. */
import { describe, expect, test } from '@jest/globals';
import { bestRow, epochHead, epochRow } from '../../src/report/epoch-table.ts';
import type { BestMeasure } from '../../src/training/best-measure.ts';

const epoch = {
  type: 'epoch',
  epoch: 2,
  step: 860,
  learningRate: 0.001,
  train: { images: 55_000, loss: 0.0512, accuracy: 0.98421 },
  validation: { images: 5000, loss: 0.0423, accuracy: 0.9876, balancedAccuracy: 0.97, macroF1: 0.961234 },
  best: true,
  imagesPerSecond: 612.4,
  trainSeconds: 89.8,
  seconds: 91.7,
} as const;

const BY_LOSS = { bestBy: 'loss' } as const;
const within = (width: number) => ({ ...BY_LOSS, width });

describe('the epoch table', () => {
  test('has one row per epoch below its head, and can mark a row', () => {
    expect(epochHead('', BY_LOSS) + epochRow(epoch, 'best', BY_LOSS) + epochRow(epoch, '', BY_LOSS)).toBe(
      [
        '  Epoch  Train loss  Train acc.  Val. loss  Val. acc.  Images/s  Seconds',
        '      2      0.0512     98.42 %     0.0423    98.76 %       612     91.7  best',
        '      2      0.0512     98.42 %     0.0423    98.76 %       612     91.7',
        '',
      ].join('\n'),
    );
  });

  test('shows the best epoch so far in each row of a terminal, and ends with the row of the best epoch', () => {
    expect(epochHead('Best', within(80)) + epochRow(epoch, '2', within(80)) + bestRow(epoch, within(80))).toBe(
      [
        '  Epoch  Train loss  Train acc.  Val. loss  Val. acc.  Images/s  Seconds  Best',
        '      2      0.0512     98.42 %     0.0423    98.76 %       612     91.7     2',
        '  ────────────────────────────────────────────────────────────────────────────',
        '      2      0.0512     98.42 %     0.0423    98.76 %       612     91.7  best',
        '',
      ].join('\n'),
    );
  });

  test('has a column of the measure by which best is chosen, where it has none yet', () => {
    const shown = (bestBy: BestMeasure) => epochHead('', { bestBy }) + epochRow(epoch, 'best', { bestBy });
    expect(shown('accuracy')).toBe(shown('loss'));
    expect(shown('balanced-accuracy')).toBe(
      '  Epoch  Train loss  Train acc.  Val. loss  Val. acc.  Bal. acc.  Images/s  Seconds\n' +
        '      2      0.0512     98.42 %     0.0423    98.76 %    97.00 %       612     91.7  best\n',
    );
    expect(shown('macro-f1')).toMatch(/ {2}Val\. acc\. {2}Macro F1 {2}Images.*\n.* {4}98\.76 % {3}96\.12 % /);
    expect(epochHead('Best', { bestBy: 'macro-f1', width: 80 })).not.toContain('Images/s');
  });

  test('leaves out columns that do not fit: speed and time first, the validation’s columns never', () => {
    expect(epochHead('Best', within(70))).toBe(
      '  Epoch  Train loss  Train acc.  Val. loss  Val. acc.  Seconds  Best\n',
    );
    expect(epochHead('Best', within(50))).toBe('  Epoch  Train loss  Val. loss  Val. acc.  Best\n');
    expect(epochRow(epoch, '2', within(50))).toBe('      2      0.0512     0.0423    98.76 %     2\n');
    expect(epochHead('Best', within(10))).toBe('  Epoch  Val. loss  Val. acc.  Best\n');
  });

  test('fits ten thousand epochs, long losses and hours into 80 columns', () => {
    const large = { ...epoch, epoch: 10_000, train: { ...epoch.train, loss: 12_345.6789 }, seconds: 36_000 };
    const row = epochRow({ ...large, imagesPerSecond: 1_234_567 }, '9999', within(80));
    expect(row).toBe('  10000  12345.6789     98.42 %     0.0423    98.76 %   1234567  36000.0  9999\n');
  });

  test('shows the losses of a run that goes astray with an exponent, in the columns of the others', () => {
    const astray = {
      ...epoch,
      train: { ...epoch.train, loss: 4.7e9 },
      validation: { ...epoch.validation, loss: 3.4e38 },
    };
    expect(epochRow(astray, '2', within(80))).toBe(
      '      2      4.7e+9     98.42 %    3.4e+38    98.76 %       612     91.7     2\n',
    );
  });

  test('keeps a space between columns even if a number is longer than its column', () => {
    const longest = { ...epoch, epoch: 12_345_678, imagesPerSecond: 12_345_678_901, seconds: 123_456_789 };
    const row = epochRow(longest, '12345678', BY_LOSS);
    expect(row.trim().split(/ +(?!%)/)).toEqual([
      ...['12345678', '0.0512', '98.42 %', '0.0423', '98.76 %'],
      ...['12345678901', '123456789.0', '12345678'],
    ]);
  });
});
