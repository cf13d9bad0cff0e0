/** Compares the answers of an export with those of our own network. */
import { ExitCode, UserError } from '../../errors.ts';
import type { InferenceGraph } from '../inference/graph.ts';

/**
 * The largest difference that a proof allows, by the type of the weights; of logits above 1 as a share of the largest.
 * Rounding alone makes 1e-6 to 4e-6 in float32, and 3e-3 in float16 (measured, ResNet-18 of width 64).
 */
export const BOUNDS = { float32: 1e-4, float16: 1e-2 } as const;

/** What a comparison showed. */
export interface Comparison {
  readonly images: number;
  /** Images whose class was the same: all of them. */
  readonly same: number;
  /** The largest difference of two numbers. */
  readonly largestDifference: number;
}

/**
 * Compares answers, [images, classes] each.
 *
 * @param runtime what gave the answers, for messages
 * @throws UserError (checkpoint) if a class is another, or a number differs by more than the bound
 */
export function compared(
  found: Float32Array,
  expected: Float32Array,
  graph: Pick<InferenceGraph, 'classes' | 'weightType'>,
  runtime: string,
): Comparison {
  const { classes, weightType } = graph;
  let largestDifference = 0;
  const images = expected.length / classes;
  for (let image = 0; image < images; image++) {
    const rows = [expected, found].map((numbers) => numbers.subarray(image * classes, (image + 1) * classes));
    const [wanted, given] = rows as [Float32Array, Float32Array];
    const scale = Math.max(1, ...wanted.map(Math.abs));
    const difference = wanted.reduce((most, each, at) => Math.max(most, Math.abs(each - given[at]!)), 0);
    if (!(difference <= BOUNDS[weightType] * scale)) {
      const bound = `more than ${BOUNDS[weightType]}${scale > 1 ? ` of the largest, ${scale.toPrecision(3)}` : ''}`;
      const numbers = `numbers that differ by ${difference.toPrecision(3)}, ${bound}`;
      throw refused(`${runtime} answers image ${image} with ${numbers}`, graph);
    }
    const [wantedClass, answeredClass] = [indexOfLargest(wanted), indexOfLargest(given)];
    if (wantedClass !== answeredClass) {
      const answer = `class ${answeredClass}, the network with ${wantedClass}`;
      throw refused(`${runtime} answers image ${image} with ${answer}`, graph);
    }
    largestDifference = Math.max(largestDifference, difference);
  }
  return { images, same: images, largestDifference };
}

function indexOfLargest(row: Float32Array): number {
  return row.reduce((best, each, at) => (each > row[best]! ? at : best), 0);
}

/**
 * The error of an export that answers otherwise.
 *
 * @param cause what was thrown, if anything was
 */
export function refused(
  problem: string,
  { weightType }: Pick<InferenceGraph, 'weightType'>,
  cause?: unknown,
): UserError {
  const advice = weightType === 'float16' ? 'leave out --half' : 'try another format';
  const message = `not exported, because its proof failed: ${problem}; nothing is written; ${advice}`;
  return new UserError(message, ExitCode.checkpoint, { cause });
}
