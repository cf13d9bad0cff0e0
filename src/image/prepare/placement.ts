/** Where the pixels of a picture go in an image of another shape, with the rounding of torchvision and Pillow. */
import type { ImageSize } from '../size.ts';
import type { Window } from './pillow-resize.ts';
import type { Content, Fit } from './preparation.ts';

/** How a picture is brought into an image's shape. */
export interface Placement {
  /** Size to resize the whole picture to. */
  readonly scaled: ImageSize;
  /** The part of the resized picture that is kept. */
  readonly window: Window;
  /** Where that part lies in the image. */
  readonly content: Content;
}

/**
 * Pictures of at most as many pixels are reduced as Pillow does, in a millisecond: libvips takes as long. It repeats the
 * outer pixels where Pillow leaves out what is beyond them, which makes up to 20 levels there (noise, 100 × 100 to 40 × 48).
 */
const SMALL_PIXELS = 65_536;

/** Whether a picture becomes smaller and is so large that libraries of native code do it faster. */
export function isReduction(from: ImageSize, scaled: ImageSize): boolean {
  const isSmaller = scaled.width <= from.width && scaled.height <= from.height;
  const isSameSize = scaled.width === from.width && scaled.height === from.height;
  return isSmaller && !isSameSize && from.width * from.height > SMALL_PIXELS;
}

/**
 * How a picture is brought into an image's shape.
 *
 * @param from size of the picture
 * @param to size of the image
 */
export function placementOf(from: ImageSize, to: ImageSize, fit: Fit): Placement {
  const scaled = fit === 'pad' ? insideSize(from, to) : fit === 'crop' ? coveringSize(from, to) : sizeOf(to);
  const window = {
    left: middle(scaled.width, to.width),
    top: middle(scaled.height, to.height),
    height: Math.min(scaled.height, to.height),
    width: Math.min(scaled.width, to.width),
  };
  const content = {
    left: middle(to.width, scaled.width),
    top: middle(to.height, scaled.height),
    width: window.width,
    height: window.height,
  };
  return { scaled, window, content };
}

const sizeOf = ({ height, width }: ImageSize): ImageSize => ({ height, width });

/** The largest size of the picture's proportions that fits inside, rounded as Pillow's `ImageOps.contain` does. */
function insideSize(from: ImageSize, to: ImageSize): ImageSize {
  const ratio = from.width / from.height;
  const wanted = to.width / to.height;
  if (ratio > wanted) {
    const height = Math.max(1, roundHalfToEven((from.height / from.width) * to.width));
    return { height: Math.min(height, to.height), width: to.width };
  }
  if (ratio === wanted) return sizeOf(to);
  const width = Math.max(1, roundHalfToEven((from.width / from.height) * to.height));
  return { height: to.height, width: Math.min(width, to.width) };
}

/**
 * The smallest size of the picture's proportions that covers the image. The side that is left over is truncated, as
 * torchvision's `Resize` does: 640 × 427 becomes 383 × 256 for 256 × 256, and not 384.
 */
function coveringSize(from: ImageSize, to: ImageSize): ImageSize {
  const width = Math.trunc((to.height * from.width) / from.height);
  if (width >= to.width) return { height: to.height, width };
  return { height: Math.max(to.height, Math.trunc((to.width * from.height) / from.width)), width: to.width };
}

/** Where a centred inner side begins in an outer one, as torchvision's `CenterCrop` rounds: halves to even. */
function middle(outer: number, inner: number): number {
  return outer <= inner ? 0 : roundHalfToEven((outer - inner) / 2);
}

/** Rounds as Python's `round` does. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
