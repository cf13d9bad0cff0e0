/**
 * Augmentation: random changes of the training images that leave their class as it is. The random numbers are drawn
 * here, the images computed on the device.
 */
import type { RandomGenerator } from '../random.ts';

/** Names of the augmentations; see `drawChanges`. */
export const AUGMENTATIONS = ['none', 'shift', 'affine', 'flip', 'photo'] as const;
/** Name of an augmentation. */
export type Augmentation = (typeof AUGMENTATIONS)[number];

/** What can be done to images, and how many numbers describe it for one image. */
export const CHANGE_SIZES = {
  /**
   * An affine map as TensorFlow's ImageProjectiveTransformV3 takes it: a, b, c, d, e, f, 0, 0. The output pixel in column
   * x and row y is the input pixel at (a·x + b·y + c, d·x + e·y + f). What comes in from outside is black.
   */
  transforms: 8,
  /** An affine map that hardly leaves the image: outside, the image's outermost pixels go on. */
  crops: 8,
  /** The factor of the brightness, then that of the contrast; 1 changes nothing. */
  colours: 2,
} as const;

/** The changes of a batch: float32 numbers, [count, size] each, by what they change; applied in the table's order. */
export type ImageChanges = { readonly [Name in keyof typeof CHANGE_SIZES]?: Float32Array | undefined };

/** Height and width of images in pixels. */
interface ImageSides {
  readonly height: number;
  readonly width: number;
}

/** Largest shift as a fraction of the image's side: 2 of MNIST's 28 pixels; MNIST's digits lie in the middle 20. */
const MAX_SHIFT_FRACTION = 2 / 28;
/** Largest rotation in radians, in either direction: 10°. */
const MAX_ROTATION_RADIANS = (10 * Math.PI) / 180;
/** Largest factor of scaling: a digit becomes up to 1.1 times larger or smaller. */
const MAX_SCALE_FACTOR = 1.1;

/** The chance that an image is mirrored, left to right (Krizhevsky et al. 2012). */
const FLIP_CHANCE = 0.5;
/**
 * Smallest area of a crop as a fraction of the image's. Szegedy et al. 2015 and torchvision take 0.08, for ImageNet's
 * images of some 224 pixels and a hundred epochs. Small images and short runs want milder crops: fastai trains
 * Imagenette, at 128 pixels, by 0.35.
 */
const MIN_CROP_AREA = 0.35;
/** A crop's width over its height, where the image's own is 1: from 3/4 to 4/3 (Szegedy et al. 2015, torchvision). */
const MAX_CROP_RATIO = 4 / 3;
/** Attempts to draw a crop that lies in the image, as in torchvision's `RandomResizedCrop`. */
const CROP_ATTEMPTS = 10;
/** Largest change of brightness and of contrast, as a fraction: timm's default, from Facebook's ResNets in Torch. */
const MAX_COLOUR_CHANGE = 0.4;

/**
 * Draws random changes for each image.
 *
 * - `shift` moves the image by whole pixels, up to a 14th of its side.
 * - `affine` moves it by fractions of a pixel up to the same distance, rotates it by up to 10° and scales it by up to
 *   1.1, both about its centre.
 * - `flip` mirrors every second image, left to right.
 * - `photo` mirrors too, enlarges a random crop of the image to its size, and changes brightness and contrast by up to
 *   0.4.
 *
 * @param count number of images
 */
export function drawChanges(
  generator: RandomGenerator,
  augmentation: Exclude<Augmentation, 'none'>,
  count: number,
  sides: ImageSides,
): ImageChanges {
  const forEachImage = (size: number, draw: () => readonly number[]) => {
    const drawn = new Float32Array(count * size); // [count, size]
    for (let image = 0; image < count; image++) drawn.set(draw(), image * size);
    return drawn;
  };
  const { transforms, crops, colours } = CHANGE_SIZES;
  switch (augmentation) {
    case 'shift':
      return { transforms: forEachImage(transforms, () => drawShift(generator, sides)) };
    case 'affine':
      return { transforms: forEachImage(transforms, () => drawAffine(generator, sides)) };
    case 'flip':
      return { crops: forEachImage(crops, () => drawCropMap(generator, wholeImage(sides), sides)) };
    case 'photo':
      return {
        crops: forEachImage(crops, () => drawCropMap(generator, drawCrop(generator, sides), sides)),
        colours: forEachImage(colours, () => [drawFactor(generator), drawFactor(generator)]),
      };
  }
}

/** Draws a, b, c, d, e, f of a shift by whole pixels. */
function drawShift(generator: RandomGenerator, { height, width }: ImageSides): number[] {
  const shiftAlong = (side: number) => {
    const max = Math.round(side * MAX_SHIFT_FRACTION);
    return generator.below(2 * max + 1) - max;
  };
  const [x, y] = [shiftAlong(width), shiftAlong(height)];
  return [1, 0, x, 0, 1, y];
}

/** Draws a, b, c, d, e, f of a shift, rotation and scaling about the image's centre. */
function drawAffine(generator: RandomGenerator, { height, width }: ImageSides): number[] {
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

/** Part of an image, in whole pixels. */
export interface Crop extends ImageSides {
  readonly left: number;
  readonly top: number;
}

function wholeImage({ height, width }: ImageSides): Crop {
  return { left: 0, top: 0, height, width };
}

/**
 * Draws a crop as torchvision's `RandomResizedCrop` does: its area evenly, the logarithm of its ratio evenly, then its
 * place. If no attempt lies in the image, it is the whole image, whose ratio is 1.
 */
function drawCrop(generator: RandomGenerator, { height, width }: ImageSides): Crop {
  for (let attempt = 0; attempt < CROP_ATTEMPTS; attempt++) {
    const area = drawBetween(generator, MIN_CROP_AREA, 1);
    const ratio = MAX_CROP_RATIO ** drawBetween(generator, -1, 1);
    const crop = {
      width: Math.round(width * Math.sqrt(area * ratio)),
      height: Math.round(height * Math.sqrt(area / ratio)),
    };
    if (crop.width < 1 || crop.width > width || crop.height < 1 || crop.height > height) continue;
    return { ...crop, left: generator.below(width - crop.width + 1), top: generator.below(height - crop.height + 1) };
  }
  return wholeImage({ height, width });
}

/** The map of a crop, which one of two times is mirrored. */
function drawCropMap(generator: RandomGenerator, crop: Crop, sides: ImageSides): number[] {
  return cropMap(crop, generator.uniform() < FLIP_CHANCE, sides);
}

/**
 * The numbers a, b, c, d, e, f of the map that enlarges a crop to the size of the image. Edges fall on edges, as in torchvision's and
 * Pillow's resizing: a pixel's centre is half a pixel from its edge. At the crop's edge, half a pixel of the image around
 * it is seen.
 *
 * @param mirrored whether left and right are exchanged
 */
export function cropMap({ left, top, height, width }: Crop, mirrored: boolean, sides: ImageSides): number[] {
  const [scaleX, scaleY] = [width / sides.width, height / sides.height];
  const [x, y] = [left + (scaleX - 1) / 2, top + (scaleY - 1) / 2]; // where the output's first pixel is
  const row = [0, scaleY, y];
  return mirrored ? [-scaleX, 0, x + (sides.width - 1) * scaleX, ...row] : [scaleX, 0, x, ...row];
}

/** Draws the factor of a brightness or contrast. */
function drawFactor(generator: RandomGenerator): number {
  return drawBetween(generator, 1 - MAX_COLOUR_CHANGE, 1 + MAX_COLOUR_CHANGE);
}

function drawBetween(generator: RandomGenerator, least: number, most: number): number {
  return least + generator.uniform() * (most - least);
}
