/**
 * Augmentation: random changes of the training images that leave their class as it is. The random numbers are drawn
 * here, the images computed on the device.
 */
import type { RandomGenerator } from '../random.ts';

/** Names of the augmentations; see `drawTransforms`. */
export const AUGMENTATIONS = ['none', 'shift', 'affine'] as const;
/** Name of an augmentation. */
export type Augmentation = (typeof AUGMENTATIONS)[number];

/** Number of numbers that describe the transform of one image. */
export const TRANSFORM_SIZE = 8;

/** Largest shift as a fraction of the image's side: 2 of MNIST's 28 pixels; MNIST's digits lie in the middle 20. */
const MAX_SHIFT_FRACTION = 2 / 28;
/** Largest rotation in radians, in either direction: 10°. */
const MAX_ROTATION_RADIANS = (10 * Math.PI) / 180;
/** Largest factor of scaling: a digit becomes up to 1.1 times larger or smaller. */
const MAX_SCALE_FACTOR = 1.1;

/**
 * Draws one random transform for each image.
 *
 * - `shift` moves the image by whole pixels, up to a 14th of its side.
 * - `affine` moves it by fractions of a pixel up to the same distance, rotates it by up to 10° and scales it by up to
 *   1.1, both about its centre.
 *
 * @param count number of images
 * @returns [count, 8], float32: a, b, c, d, e, f, 0, 0 for each image, as TensorFlow's ImageProjectiveTransformV3 takes
 *   them. The output pixel in column x and row y is the input pixel at (a·x + b·y + c, d·x + e·y + f)
 */
export function drawTransforms(
  generator: RandomGenerator,
  augmentation: Exclude<Augmentation, 'none'>,
  count: number,
  { height, width }: { readonly height: number; readonly width: number },
): Float32Array {
  const transforms = new Float32Array(count * TRANSFORM_SIZE); // [count, 8]
  for (let image = 0; image < count; image++) {
    const values =
      augmentation === 'shift' ? drawShift(generator, height, width) : drawAffine(generator, height, width);
    transforms.set(values, image * TRANSFORM_SIZE);
  }
  return transforms;
}

/** Draws a, b, c, d, e, f of a shift by whole pixels. */
function drawShift(generator: RandomGenerator, height: number, width: number): number[] {
  const shiftAlong = (side: number) => {
    const max = Math.round(side * MAX_SHIFT_FRACTION);
    return generator.below(2 * max + 1) - max;
  };
  const [x, y] = [shiftAlong(width), shiftAlong(height)];
  return [1, 0, x, 0, 1, y];
}

/** Draws a, b, c, d, e, f of a shift, rotation and scaling about the image's centre. */
function drawAffine(generator: RandomGenerator, height: number, width: number): number[] {
  const within = (max: number) => (2 * generator.uniform() - 1) * max;
  const angle = within(MAX_ROTATION_RADIANS);
  const scale = MAX_SCALE_FACTOR ** within(1);
  const [x, y] = [within(width * MAX_SHIFT_FRACTION), within(height * MAX_SHIFT_FRACTION)];
  const [cosine, sine] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  return [
    ...[cosine, -sine, centreX - cosine * centreX + sine * centreY + x],
    ...[sine, cosine, centreY - sine * centreX - cosine * centreY + y],
  ];
}
