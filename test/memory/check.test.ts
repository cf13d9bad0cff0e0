/** The check of memory: what is refused, what is warned of, and which batch is said to fit. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../src/errors.ts';
import { judge, largestBatch, type MemoryNeed, memoryCheck } from '../../src/memory/check.ts';

const MEBIBYTE = 2 ** 20;

/** A need of 100 MiB, and of 1 MiB more for each image. */
const need = (batch: number, way: MemoryNeed['way'] = 'graph'): MemoryNeed => ({
  way,
  what: `training with --batch-size ${batch}`,
  batch,
  peak: (size) => (100 + size) * MEBIBYTE,
  smaller: (size) => `give --batch-size ${size}`,
  otherwise: 'give a smaller --width',
});

/** The error or the warning about a need; undefined if there is none. */
function answer(asked: MemoryNeed, ...limits: number[]): string | undefined {
  const notices: string[] = [];
  try {
    judge(
      asked,
      limits.map((mebibytes, index) => ({ bytes: mebibytes * MEBIBYTE, which: `is limit ${index}` })),
      (message) => notices.push(message),
    );
  } catch (error) {
    return error instanceof UserError ? `exit ${error.code}: ${error.message}` : String(error);
  }
  return notices[0];
}

describe('the check of memory', () => {
  test('refuses more than 1.25 times the smallest limit (exit 2), and names figure, limit and the largest batch', () => {
    expect(answer(need(526), 9000, 500, 800)).toBe(
      'exit 2: training with --batch-size 526 needs about 626 MiB of memory, and only 500 MiB is limit 1; the largest ' +
        'batch that fits is 249: give --batch-size 249, or --no-memory-check to try it',
    );
  });

  test('warns of 0.75 to 1.25 times the smallest limit', () => {
    for (const batch of [275, 525]) {
      expect(answer(need(batch), 500)).toBe(
        `warning: training with --batch-size ${batch} needs about ${100 + batch} MiB of memory, and 500 MiB is limit 0, ` +
          'so the system may end it; the largest batch that fits is 249: give --batch-size 249',
      );
    }
  });

  test('says nothing about less than 0.75 times the smallest limit', () => {
    expect(answer(need(274), 500)).toBeUndefined();
  });

  test('says nothing about the batch that it has named, also when 5 % less memory is available', () => {
    expect(answer(need(249), 475)).toBeUndefined();
  });

  test('names a batch that may just fit if none fits with room to spare, unless that is the batch itself', () => {
    expect(answer(need(60), 125)).toMatch(/; the largest batch that fits is 24: give --batch-size 24, or --no-mem/);
    expect(answer(need(30), 125)).toMatch(
      /, so the system may end it; the largest batch that fits is 24: give --batch/,
    );
    expect(answer(need(20), 125)).toMatch(/, so the system may end it; give a smaller --width$/);
  });

  test('says what to do if not even one image fits', () => {
    expect(answer(need(10), 20)).toMatch(/; not even a batch of one image fits: give a smaller --width, or --no-mem/);
    expect(answer(need(10), 120)).toMatch(/, so the system may end it; give a smaller --width$/);
  });

  test('holds WebAssembly to its heap of 4 GiB, however much memory there is', () => {
    expect(answer(need(6000, 'wasm'), 1e6)).toMatch(/only 4\.0 GiB fits into WebAssembly/);
    expect(answer(need(6000, 'gpu'), 1e6)).toBeUndefined();
  });
});

test('--no-memory-check lets anything pass, without it nothing passes that no machine can hold', () => {
  const endless: MemoryNeed = { ...need(10), peak: () => 1e18 };
  const notice = () => {
    throw new Error('a notice');
  };
  expect(() => memoryCheck(undefined, notice)(endless)).toThrow(/needs about 931322574\.6 GiB of memory/);
  memoryCheck(true, notice)(endless);
});

test('the largest batch fits, and one image more does not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.nat(1e6),
      fc.integer({ min: 1, max: 100 }),
      (batch, bytes, each) => {
        const peak = (size: number) => 1000 + each * size;
        const found = largestBatch({ batch, peak }, bytes);
        if (found === undefined) return expect(peak(1)).toBeGreaterThanOrEqual(bytes);
        expect(found).toBeLessThanOrEqual(batch);
        expect(peak(found)).toBeLessThan(bytes);
        if (found < batch) expect(peak(found + 1)).toBeGreaterThanOrEqual(bytes);
      },
    ),
  );
});
