/**
 * How unlike the validation images an image is. An image whose score is above the limit is taken to be of no class.
 * `docs/predict.md` says what that finds, and how the score was chosen.
 */
import { coefficientsOf, MOST_CLASSES, type Scale, type Strangeness } from '../checkpoint/strangeness.ts';
import { type Dataset, type DatasetInMemory, indicesUpTo } from '../dataset/dataset.ts';
import { type Piece, pieceOf } from '../dataset/pixels.ts';
import type { ImageSize } from '../image/size.ts';
import { distance, distributionsOf, heldOutDistances, type Vectors } from './distributions.ts';
import { logSumOf, rowsOf } from './predictions.ts';
import { shapesOf } from './shape.ts';

/** Fraction of images like the validation images that are refused. */
const REFUSED = 0.01;

/** Fewest validation images: of fewer than a hundred, none marks a limit that one in a hundred exceeds. */
const FEWEST_IMAGES = 100;

/** Order of the shapes, see `shapesOf`: 15 numbers each. With 10 letters are found less often, with 21 blots. */
const SHAPE_ORDER = 4;

/** Finds what the validation images are like for a model, which may change. */
export class ValidationStrangeness {
  readonly #dataset: Dataset;
  readonly #indices: Int32Array;
  readonly #labels: Uint8Array;
  #shapes: Vectors | undefined; // they do not depend on the model

  constructor(dataset: Dataset, validation: Int32Array) {
    this.#dataset = dataset;
    this.#indices = validation;
    this.#labels = Uint8Array.from(validation, (index) => dataset.labels[index]!);
  }

  /**
   * What the validation images are like. It takes about 0.04 s for 5,000 images.
   *
   * @param logits the model's logits of the validation images, [count, classes], row by row
   * @returns undefined if there are fewer than 100 images, fewer than five of a class, or more than 32 classes, or if
   *   the images are all alike
   */
  async of(logits: Float32Array): Promise<Strangeness | undefined> {
    const labels = this.#labels;
    const classes = logits.length / labels.length;
    if (labels.length < FEWEST_IMAGES || classes > MOST_CLASSES) return undefined;
    this.#shapes ??= shapeVectors(await pieceOf(this.#dataset, this.#indices), this.#dataset, SHAPE_ORDER);
    const [ofLogits, ofShapes] = [logitVectors(logits, classes), this.#shapes].map((vectors) => {
      const distributions = distributionsOf(vectors, labels, classes);
      return distributions && { distributions, distances: heldOutDistances(distributions, vectors, labels) };
    });
    if (!ofLogits || !ofShapes) return undefined;
    const energies = energiesOf(logits, labels.length);
    const [energy, logit, shape] = [energies, ofLogits.distances, ofShapes.distances].map(scaleOf) as [
      Scale,
      Scale,
      Scale,
    ];
    const scores = energies.map((value, index) => {
      const distances = scaled(ofLogits.distances[index]!, logit) + scaled(ofShapes.distances[index]!, shape);
      return scaled(value, energy) + distances;
    });
    const limit = exceededBy(scores, REFUSED);
    if (!([energy, logit, shape].every(({ spread }) => spread > 0) && Number.isFinite(limit))) return undefined;
    return {
      images: labels.length,
      limit,
      energy,
      logits: { ...logit, classes: ofLogits.distributions },
      shape: { ...shape, order: SHAPE_ORDER, classes: ofShapes.distributions },
    };
  }
}

/**
 * Whether each image is so unlike the validation images that it is taken to be of no class.
 *
 * @param dataset the images
 * @param logits the model's logits of all of them, [count, classes], row by row
 */
export function areStrange(strangeness: Strangeness, dataset: DatasetInMemory, logits: Float32Array): boolean[] {
  const { energy, logits: logit, shape, limit } = strangeness;
  const vectors = logitVectors(logits, logits.length / dataset.count);
  const all = { pixels: dataset.pixels, rows: indicesUpTo(dataset.count) };
  const shapes = shapeVectors(all, dataset, shape.order);
  return Array.from(energiesOf(logits, dataset.count), (value, index) => {
    const distances =
      scaled(distance(logit.classes, vectors, index), logit) + scaled(distance(shape.classes, shapes, index), shape);
    return scaled(value, energy) + distances > limit;
  });
}

function logitVectors(logits: Float32Array, classes: number): Vectors {
  return { values: Float64Array.from(logits), size: classes };
}

function shapeVectors(piece: Piece, size: ImageSize, order: number): Vectors {
  return { values: shapesOf(piece, size, order), size: coefficientsOf(order) };
}

/** Energy of each image: −log Σ exp(logit) (Liu et al. 2020); the lower, the surer the model. */
function energiesOf(logits: Float32Array, count: number): Float64Array {
  return Float64Array.from(rowsOf(logits, count), (row) => -logSumOf(row, Math.max(...row)));
}

function scaled(value: number, { middle, spread }: Scale): number {
  return (value - middle) / spread;
}

function scaleOf(values: Float64Array): Scale {
  const middle = exceededBy(values, 0.5);
  return { middle, spread: exceededBy(values, REFUSED) - middle };
}

/**
 * The least of these values that further values like them exceed with at most this probability, whatever their
 * distribution is (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005).
 */
function exceededBy(values: Float64Array, probability: number): number {
  const rank = Math.ceil((1 - probability) * (values.length + 1) - 1e-9); // (1 − 0.01) · 100 is not exactly 99
  return values.toSorted()[rank - 1]!;
}
