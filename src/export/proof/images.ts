/** The images that an export is tried on, and the numbers that a network takes for them. */
import { type Normalisation, normalisedBytes } from '../../dataset/normalisation.ts';
import { sizeOf } from '../../net/parameters.ts';
import { RandomGenerator } from '../../random.ts';
import type { NetworkFormatRoom } from '../network-format.ts';

/** Number of images that an export is tried on, at most. */
export const PROOF_IMAGES = 100;

/** Images that an export is tried on. */
export interface ProofImages {
  readonly count: number;
  /** Shape of one: [channels, height, width]. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Bytes, [count, height, width, channels]. */
  readonly pixels: Uint8Array;
  /** Where they are from, in words that follow "images": `of its validation part`. */
  readonly source: string;
}

/** Images of random bytes, always the same ones. */
export function randomImages(shape: ProofImages['shape'], source: string): ProofImages {
  const generator = RandomGenerator.seeded(0, 'proof');
  const size = sizeOf(shape);
  const pixels = Uint8Array.from({ length: PROOF_IMAGES * size }, () => generator.below(256));
  return { count: PROOF_IMAGES, shape, pixels, source };
}

/** Some of the images, `begin` to before `end`. */
export function slicedImages(images: ProofImages, begin: number, end: number): ProofImages {
  const size = sizeOf(images.shape);
  const last = Math.min(end, images.count);
  return { ...images, count: last - begin, pixels: images.pixels.subarray(begin * size, last * size) };
}

/** The images as training normalises them, [count, height, width, channels]. */
export function normalisedImages({ pixels, shape: [channels] }: ProofImages, by: Normalisation): Float32Array {
  const tables = normalisedBytes(by);
  const table = (channel: number) => tables[channel % tables.length] as Float32Array;
  return Float32Array.from(pixels, (byte, at) => table(at % channels)[byte]!);
}

/** Numbers of [count, height, width, channels] in the order of a layout. */
export function inLayout<T extends Uint8Array | Float32Array>(
  numbers: T,
  { count, shape: [channels, height, width] }: ProofImages,
  layout: NetworkFormatRoom['layout'],
): T {
  if (layout === 'NHWC' || channels === 1) return numbers;
  const result = numbers.slice() as T;
  const area = height * width;
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        result[(image * channels + channel) * area + pixel] = numbers[(image * area + pixel) * channels + channel]!;
      }
    }
  }
  return result;
}
