/** What a checkpoint says about its validation images, so that a picture unlike them is found; see `docs/predict.md`. */
import { above0, type Check, finite, kind, list, positive, record } from './fields.ts';

/** A normal distribution of the vectors of one class. */
export interface ClassDistribution {
  /** [size] */
  readonly mean: readonly number[];
  /**
   * The rows of a lower triangular matrix W, one after the other: [size · (size + 1) / 2]. The covariance of
   * W(x − mean) is the unit matrix.
   */
  readonly whitening: readonly number[];
}

/** The scale of one part of the score: it counts as (value − middle) / spread. */
export interface Scale {
  /** Median of the validation images. */
  readonly middle: number;
  /** From the median to what one in a hundred validation images exceeds; above 0. */
  readonly spread: number;
}

/** Scale of the distance of a vector from the nearest class. */
export interface DistanceScale extends Scale {
  /** One distribution for each class. */
  readonly classes: readonly ClassDistribution[];
}

/** What measures how unlike the validation images an image is. */
export interface Strangeness {
  /** Number of validation images. */
  readonly images: number;
  /** The largest sum of the three parts that an image of the classes is taken to have. */
  readonly limit: number;
  /** Energy of the logits. */
  readonly energy: Scale;
  /** Distance of the logits. */
  readonly logits: DistanceScale;
  /** Distance of the coarse shape; `order`: see `shapesOf`. */
  readonly shape: DistanceScale & { readonly order: number };
}

/** Most classes for which strangeness is measured. Its size grows with their third power: 16 kB for 10, 0.25 MB for 32. */
export const MOST_CLASSES = 32;

/** The highest order that is read: more than is ever written. */
const HIGHEST_ORDER = 27;

/** Number of coefficients of a shape of this order. */
export function coefficientsOf(order: number): number {
  return ((order + 1) * (order + 2)) / 2;
}

const numbers = list(finite);
const scale = { middle: finite, spread: above0 };
const distances = { ...scale, classes: list(record<ClassDistribution>({ mean: numbers, whitening: numbers })) };
const order = kind(`an integer from 0 to ${HIGHEST_ORDER}`, (value): value is number => {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= HIGHEST_ORDER;
});

const parts: Check<Strangeness> = record({
  images: positive,
  limit: finite,
  energy: record(scale),
  logits: record(distances),
  shape: record({ ...distances, order }),
});

/** Checks a stored strangeness, also whether its vectors and matrices have the sizes that they must have. */
export const strangeness: Check<Strangeness> = (value, field, fail) => {
  const found = parts(value, field, fail);
  const { logits, shape } = found;
  const expectSizes = (name: string, classes: readonly ClassDistribution[], size: number) => {
    const sizes = { mean: size, whitening: (size * (size + 1)) / 2 };
    for (const [index, distribution] of classes.entries()) {
      for (const part of ['mean', 'whitening'] as const) {
        if (distribution[part].length === sizes[part]) continue;
        const problem = `${distribution[part].length} numbers, expected ${sizes[part]}`;
        fail(`${field}.${name}.classes[${index}].${part}`, problem);
      }
    }
  };
  expectSizes('logits', logits.classes, logits.classes.length);
  expectSizes('shape', shape.classes, coefficientsOf(shape.order));
  if (shape.classes.length !== logits.classes.length) {
    fail(`${field}.shape.classes`, `${shape.classes.length}, but there are ${logits.classes.length} logits`);
  }
  return found;
};
