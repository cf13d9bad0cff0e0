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
    const { logits, labels } = drawn(5000, factor);
    expect(temperatureOf(logits, labels)! / factor).toBeCloseTo(1, 1);
  });

  test('is near 1 where logits are right, and has six digits', () => {
    const { logits, labels } = drawn(500, 1);
    const temperature = temperatureOf(logits, labels)!;
    expect(temperature).toBeGreaterThan(0.7);
    expect(temperature).toBeLessThan(1.4);
    expect(temperature).toBe(Number(temperature.toPrecision(6)));
  });

  const of = (logits: readonly number[], labels: readonly number[]) =>
    temperatureOf(Float32Array.from(logits), Uint8Array.from(labels));

  test('of one image is a little lower if it is answered rightly, and higher if it is not', () => {
    const [right, wrong] = [of([2, 0], [0])!, of([2, 0], [1])!];
    // Half the image, and half the network's own σ(2) = 0.88: the answer has 0.94, and 0.44 as the wrong one.
    expect(1 / (1 + Math.exp(-2 / right))).toBeCloseTo((1 + 1 / (1 + Math.exp(-2))) / 2, 5);
    expect(wrong).toBeUndefined(); // 0.44 of two classes would be the other answer
    expect(of([2, 0, 0, 0], [1])).toBeGreaterThan(2);
  });

  test('of images that are all answered rightly falls with their number, and makes none certain', () => {
    const ofMany = (count: number) =>
      of(
        Array.from({ length: count }, () => [2, 0]).flat(),
        Array.from({ length: count }, () => 0),
      )!;
    const temperatures = [1, 10, 100, 1000].map(ofMany);
    expect(temperatures).toEqual(temperatures.toSorted((a, b) => b - a));
    expect(temperatures.at(-1)).toBeGreaterThan(0.15);
  });

  test('makes an answer that is right three times in four nearly three times as probable as the other', () => {
    const many = Array.from({ length: 4000 }, (_, image) => image);
    const temperature = of(
      many.flatMap(() => [3, 0]),
      many.map((image) => (image % 4 === 0 ? 1 : 0)),
    );
    expect(temperature).toBeCloseTo(3 / Math.log(3), 2);
  });

  test.each<[string, logits: number[], labels: number[]]>([
    ['equal logits', [1, 1, 1, 1], [0, 1]],
    ['logits of a single class', [5, 3], [0, 0]],
    ['logits that are far more often wrong than right', [3, 0, 3, 0, 3, 0, 3, 0], [1, 1, 1, 0]],
    ['logits as large as numbers get', [1e30, 0, 0, 1e30], [0, 0]],
    ['a logit that is no number', [Number.NaN, 1, 1, 2], [0, 0]],
    ['an infinite logit', [Number.NEGATIVE_INFINITY, 1, 1, 2], [1, 0]],
  ])('is not told by %s', (_, logits, labels) => {
    expect(of(logits, labels)).toBeUndefined();
  });
});
