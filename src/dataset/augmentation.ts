/** Small changes of the training images that leave their class as it is: drawn here, computed on the device. */
import type { RandomGenerator } from '../random.ts';

export const AUGMENTATIONS = ['none', 'shift', 'affine'] as const;
export type Augmentation = (typeof AUGMENTATIONS)[number];

/** Numbers that describe one image's change. */
export const TRANSFORM_SIZE = 8;

/** Of an image's side: 2 pixels of MNIST's 28, whose digits lie in the middle 20. */
const LARGEST_SHIFT = 2 / 28;
const LARGEST_ANGLE = (10 * Math.PI) / 180;
/** Both ways: a digit is drawn from a tenth smaller to a tenth larger. */
const LARGEST_SCALE = 1.1;

/**
 * - `shift`: by whole pixels, up to a 14th of the side.
 * - `affine`: by any part of a pixel within that, turned by up to 10° and scaled by up to 1.1, about the middle.
 *
 * @param count images
 * @returns [count, 8], float32: a, b, c, d, e, f, 0, 0 with which the pixel at column x and row y of the result is that at
 *   (a·x + b·y + c, d·x + e·y + f) of the image, as TensorFlow's ImageProjectiveTransformV3 takes them
 */
export function drawTransforms(
  generator: RandomGenerator,
  augmentation: Exclude<Augmentation, 'none'>,
  count: number,
  { height, width }: { readonly height: number; readonly width: number },
): Float32Array {
  const transforms = new Float32Array(count * TRANSFORM_SIZE);
  for (let image = 0; image < count; image++) {
    const values =
      augmentation === 'shift' ? drawShift(generator, height, width) : drawAffine(generator, height, width);
    transforms.set(values, image * TRANSFORM_SIZE);
  }
  return transforms;
}

function drawShift(generator: RandomGenerator, height: number, width: number): number[] {
  const along = (side: number) => {
    const most = Math.round(side * LARGEST_SHIFT);
    return generator.below(2 * most + 1) - most;
  };
  const [x, y] = [along(width), along(height)];
  return [1, 0, x, 0, 1, y];
}

function drawAffine(generator: RandomGenerator, height: number, width: number): number[] {
  const within = (most: number) => (2 * generator.uniform() - 1) * most;
  const angle = within(LARGEST_ANGLE);
  const scale = LARGEST_SCALE ** within(1);
  const [x, y] = [within(width * LARGEST_SHIFT), within(height * LARGEST_SHIFT)];
  const [cosine, sine] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  return [
    ...[cosine, -sine, middleX - cosine * middleX + sine * middleY + x],
    ...[sine, cosine, middleY - sine * middleX - cosine * middleY + y],
  ];
}
