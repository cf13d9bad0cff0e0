/** Proves an export: runs the written file on images, and compares its answers with those of our own network. */
import { setImmediate } from 'node:timers/promises';
import type { Normalisation } from '../../dataset/normalisation.ts';
import { UserError } from '../../errors.ts';
import { sizeOf } from '../../net/parameters.ts';
import type { Runtime } from '../../runtime/open.ts';
import type { InferenceGraph } from '../inference/graph.ts';
import type { Missing, NetworkFormatRoom, OpenedNetwork } from '../network-format.ts';
import { type Comparison, compared, refused } from './compare.ts';
import { inLayout, normalisedImages, type ProofImages, slicedImages } from './images.ts';

/**
 * Most bytes of the largest map of the images that are computed at once. All maps take several times as many, and
 * WebAssembly has 4 GiB: ResNet-50 for small images fails at 2^30 bytes (20 images of 224×224 pixels).
 */
const MOST_MAP_BYTES = 2 ** 25;

/** What the comparison of an export showed. */
export interface Proof extends Comparison {
  /** Name and version of what ran it. */
  readonly runtime: string;
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
export function piecesOfImages(
  { count }: Pick<ProofImages, 'count'>,
  { nodes }: InferenceGraph,
): { begins: number[]; size: number } {
  const largest = Math.max(...nodes.flatMap(({ input, output }) => [sizeOf(input), sizeOf(output)]));
  const size = Math.max(1, Math.min(count, Math.floor(MOST_MAP_BYTES / (largest * Float32Array.BYTES_PER_ELEMENT))));
  return { begins: Array.from({ length: Math.ceil(count / size) }, (_, piece) => piece * size), size };
}

/**
 * Runs an export on the images.
 *
 * @throws UserError (checkpoint) if it cannot be run, an answer is another, or differs by more than the bound
 */
export async function prove(
  subject: ProofCase,
  room: NetworkFormatRoom,
  runtime: Runtime,
  signal?: AbortSignal,
): Promise<Proof | Missing> {
  try {
    const opened = await room.open(subject.path, subject.graph, runtime);
    if ('missing' in opened) return opened;
    try {
      const found = await answersOf(opened, subject, room, signal);
      return { runtime: opened.runtime, ...compared(found, subject.expected, subject.graph, opened.runtime) };
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof UserError || signal?.aborted) throw error;
    const [line] = String(error).split('\n');
    throw refused(`it cannot be run (${line})`, subject.graph, error);
  }
}

/** The answers of an export, [images, classes]. */
async function answersOf(
  opened: OpenedNetwork,
  { graph, normalisation, images }: ProofCase,
  { layout }: NetworkFormatRoom,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const found = new Float32Array(images.count * graph.classes);
  const { begins, size } = piecesOfImages(images, graph);
  for (const begin of begins) {
    await setImmediate(); // a signal's turn: some runtimes compute in this thread
    signal?.throwIfAborted();
    const piece = slicedImages(images, begin, begin + size);
    const numbers = graph.input.numbers === 'bytes' ? piece.pixels : normalisedImages(piece, normalisation);
    const answers = await opened.run(inLayout(numbers, piece, layout), piece.count);
    if (answers.length !== piece.count * graph.classes) {
      throw refused(`${opened.runtime} returns ${answers.length} numbers for ${piece.count} images`, graph);
    }
    found.set(answers, begin * graph.classes);
  }
  return found;
}
