/** Proves an export: runs the written file on images, and compares its answers with those of our own network. */

import type { Normalisation } from '../../dataset/normalisation.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { Runtime } from '../../runtime/open.ts';
import type { InferenceGraph } from '../inference/graph.ts';
import type { Missing, NetworkFormatRoom } from '../network-format.ts';
import { inLayout, normalisedImages, type ProofImages, slicedImages } from './images.ts';

/**
 * The largest difference that a proof allows, by the type of the weights; of logits above 1 as a share of the largest.
 * Rounding alone makes 1e-6 to 4e-6 in float32, and 3e-3 in float16 (measured, ResNet-18 of width 64).
 */
export const BOUNDS = { float32: 1e-4, float16: 1e-2 } as const;

/** Most pixels that are computed at once: the maps of a network take hundreds of bytes for each. */
const MOST_PIXELS = 2 ** 20;

/** What the comparison of an export showed. */
export interface Proof {
  /** Name and version of what ran it. */
  readonly runtime: string;
  readonly images: number;
  /** Images whose class was the same: all of them. */
  readonly same: number;
  /** The largest difference of two numbers. */
  readonly largestDifference: number;
}

/** An export, and what it has to answer. */
export interface ProofCase {
  readonly path: string;
  readonly graph: InferenceGraph;
  readonly normalisation: Normalisation;
  readonly images: ProofImages;
  /** [images, classes] */
  readonly expected: Float32Array;
}

/** The begins of the pieces in which images are computed, and the number of a piece's images. */
export function piecesOfImages({ count, shape: [, height, width] }: ProofImages): { begins: number[]; size: number } {
  const size = Math.max(1, Math.min(count, Math.floor(MOST_PIXELS / (height * width))));
  return { begins: Array.from({ length: Math.ceil(count / size) }, (_, piece) => piece * size), size };
}

/**
 * Runs an export on the images.
 *
 * @throws UserError (checkpoint) if an answer is another, or differs by more than the bound
 */
export async function prove(
  { path, graph, normalisation, images, expected }: ProofCase,
  room: NetworkFormatRoom,
  runtime: Runtime,
  signal?: AbortSignal,
): Promise<Proof | Missing> {
  const opened = await room.open(path, graph, runtime);
  if ('missing' in opened) return opened;
  try {
    const found = new Float32Array(expected.length);
    const { begins, size } = piecesOfImages(images);
    for (const begin of begins) {
      signal?.throwIfAborted();
      const piece = slicedImages(images, begin, begin + size);
      const numbers = graph.input.numbers === 'bytes' ? piece.pixels : normalisedImages(piece, normalisation);
      const answers = await opened.run(inLayout(numbers, piece, room.layout), piece.count);
      if (answers.length !== piece.count * graph.classes) {
        throw refused(`${opened.runtime} returns ${answers.length} numbers for ${piece.count} images`);
      }
      found.set(answers, begin * graph.classes);
    }
    return { runtime: opened.runtime, ...compared(found, expected, graph, opened.runtime) };
  } finally {
    await opened.close();
  }
}

function compared(
  found: Float32Array,
  expected: Float32Array,
  { classes, weightType }: InferenceGraph,
  runtime: string,
): Omit<Proof, 'runtime'> {
  let largestDifference = 0;
  const images = expected.length / classes;
  for (let image = 0; image < images; image++) {
    const rows = [expected, found].map((numbers) => numbers.subarray(image * classes, (image + 1) * classes));
    const [wanted, answer] = rows as [Float32Array, Float32Array];
    const scale = Math.max(1, ...wanted.map(Math.abs));
    const difference = wanted.reduce((most, each, at) => Math.max(most, Math.abs(each - answer[at]!)), 0);
    if (!(difference <= BOUNDS[weightType] * scale)) {
      const bound = `more than ${BOUNDS[weightType]}${scale > 1 ? ` of the largest, ${scale}` : ''}`;
      throw refused(`${runtime} answers image ${image} with numbers that differ by ${difference}, ${bound}`);
    }
    const [wantedClass, answeredClass] = [indexOfLargest(wanted), indexOfLargest(answer)];
    if (wantedClass !== answeredClass) {
      throw refused(`${runtime} answers image ${image} with class ${answeredClass}, the network with ${wantedClass}`);
    }
    largestDifference = Math.max(largestDifference, difference);
  }
  return { images, same: images, largestDifference };
}

function indexOfLargest(row: Float32Array): number {
  return row.reduce((best, each, at) => (each > row[best]! ? at : best), 0);
}

function refused(problem: string): UserError {
  return new UserError(`not exported, because its proof failed: ${problem}; nothing is written`, ExitCode.checkpoint);
}
