import { describe, expect, test } from '@jest/globals';
import { improves } from '../../src/checkpoint/progress.ts';

describe('an epoch is the best', () => {
  const best = { epoch: 2, step: 20, loss: 0.5, accuracy: 0.9 };

  test('if there is none before it', () => {
    expect(improves(best, null)).toBe(true);
  });

  test('if its loss is lower, whatever its accuracy', () => {
    expect(improves({ epoch: 3, step: 30, loss: 0.4, accuracy: 0.8 }, best)).toBe(true);
  });

  test('not if its loss is higher, whatever its accuracy', () => {
    expect(improves({ epoch: 3, step: 30, loss: 0.6, accuracy: 1 }, best)).toBe(false);
  });

  test('not if its loss is equal: the earlier one stays', () => {
    expect(improves({ ...best, epoch: 3, step: 30 }, best)).toBe(false);
  });

  test('if it is that very epoch, trained again after a kill', () => {
    expect(improves({ ...best }, best)).toBe(true);
    expect(improves({ ...best, loss: 0.6 }, best)).toBe(false);
  });
});
