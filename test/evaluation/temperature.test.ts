/** The temperature that makes probabilities say how often a model is right. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { classScores, macroScores } from '../../src/evaluation/confusion.ts';
import { evaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { answersOf, predictionsOf } from '../../src/evaluation/predictions.ts';
import { temperatureOf } from '../../src/evaluation/temperature.ts';
import { RandomGenerator } from '../../src/random.ts';

/** What `scikit_learn_reference.py` printed: some images, and what scikit-learn and SciPy find of them. */
interface Reference extends Record<'balancedAccuracy' | 'macroF1' | 'top5Accuracy' | 'loss' | 'temperature', number> {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
}

const path = new URL('scikit-learn-reference.json', import.meta.url);
const REFERENCES: Reference[] = JSON.parse(readFileSync(path, 'utf8'));

describe.each(REFERENCES)('of images of $classes classes, some of them without images,', (reference) => {
  const labels = Uint8Array.from(reference.labels);
  const logits = Float32Array.from(reference.logits);
  const { classes } = reference;

  test('the temperature is SciPy’s, by another method', () => {
    expect(temperatureOf(logits, labels)).toBeCloseTo(reference.temperature, 5);
  });

  test('the figures are scikit-learn’s', () => {
    const predictions = predictionsOf({ labels }, Int32Array.from(labels.keys()), logits);
    const { balancedAccuracy, macroF1, loss, top5Accuracy = 1 } = evaluationResult(predictions, classes, 0);
    expect(balancedAccuracy).toBeCloseTo(reference.balancedAccuracy, 12);
    expect(macroF1).toBeCloseTo(reference.macroF1, 12);
    expect(loss).toBeCloseTo(reference.loss, 12);
    expect(top5Accuracy).toBeCloseTo(reference.top5Accuracy, 12);
    // Validation makes the same of the logits alone.
    expect(macroScores(classScores(answersOf(logits, labels), classes))).toEqual({ balancedAccuracy, macroF1 });
  });
});

describe('the temperature', () => {
  /** Images whose labels are drawn by the probabilities of their logits, which are then multiplied by a factor. */
  function drawn(count: number, factor: number) {
    const generator = RandomGenerator.seeded(7, 'shuffle');
    const logits = new Float32Array(3 * count);
    const labels = new Uint8Array(count);
    for (let image = 0; image < count; image++) {
      const own = [0, 1, 2].map(() => 4 * generator.uniform());
      const weights = own.map(Math.exp);
      const place = generator.uniform() * (weights[0]! + weights[1]! + weights[2]!);
      labels[image] = place < weights[0]! ? 0 : place < weights[0]! + weights[1]! ? 1 : 2;
      logits.set(
        own.map((logit) => factor * logit),
        3 * image,
      );
    }
    return { logits, labels };
  }

  test.each([0.2, 1, 5])('finds the factor by which logits are too large: %d', (factor) => {
    const { logits, labels } = drawn(20_000, factor);
    expect(temperatureOf(logits, labels)! / factor).toBeCloseTo(1, 1);
  });

  test('is near 1 where logits are right, and has six digits', () => {
    const { logits, labels } = drawn(500, 1);
    const temperature = temperatureOf(logits, labels)!;
    expect(temperature).toBeGreaterThan(0.7);
    expect(temperature).toBeLessThan(1.4);
    expect(temperature).toBe(Number(temperature.toPrecision(6)));
  });

  test.each<[string, logits: number[], labels: number[]]>([
    ['one image that is answered rightly', [2, 1], [0]],
    ['one image that is answered wrongly', [2, 1], [1]],
    ['images that are all answered rightly', [2, 1, 0, 3, 9, 8], [0, 1, 0]],
    ['equal logits', [1, 1, 1, 1], [0, 1]],
    ['logits that say nothing about the labels', [2, 1, 2, 1], [0, 1]],
    ['logits of a single class', [5, 3], [0, 0]],
    ['a logit that is no number', [Number.NaN, 1, 1, 2], [0, 0]],
    ['an infinite logit', [Number.NEGATIVE_INFINITY, 1, 1, 2], [1, 0]],
  ])('is not told by %s', (_, logits, labels) => {
    expect(temperatureOf(Float32Array.from(logits), Uint8Array.from(labels))).toBeUndefined();
  });

  test('makes an answer that is right three times in four three times as probable as the other', () => {
    const [logits, labels] = [Float32Array.of(3, 0, 3, 0, 3, 0, 3, 0), Uint8Array.of(0, 0, 0, 1)];
    expect(temperatureOf(logits, labels)).toBeCloseTo(3 / Math.log(3), 5);
  });

  test('is found of enormous logits', () => {
    const [logits, labels] = [Float32Array.of(30, 0, 30, 0, 30, 0, 0, 12), Uint8Array.of(0, 0, 0, 0)];
    expect(temperatureOf(logits, labels)).toBeGreaterThan(1);
    const huge = Float32Array.of(1e30, 0, 0, 1e30);
    expect(temperatureOf(huge, Uint8Array.of(0, 0))).toBeUndefined();
  });
});
