/** Figures of the training images by which all images are padded and normalised. */
import { fillPadding } from '../image/prepare/fill-padding.ts';
import { type Dataset, imageBytes } from './dataset.ts';

/** Digits after the point of a computed mean and deviation: as many as are usually quoted. */
const DIGITS = 4;

/** Least deviation of pixels in [0, 1]: images of one grey level have none to divide by. */
const LEAST_DEVIATION = 0.001;

/**
 * The mean colour of images, their padding left out.
 *
 * @param indices images of the data set
 * @returns one value for each channel, rounded, 0 to 255
 */
export function meanColour(dataset: Dataset, indices: Int32Array): number[] {
  return histograms(dataset, indices).map((counts) => Math.round(momentsOf(counts).mean));
}

/**
 * Fills the padding of all images with a colour, in place.
 *
 * @param colour one value for each channel, 0 to 255
 */
export function fillAll(dataset: Dataset, colour: readonly number[]): void {
  const { pixels, contents, count } = dataset;
  if (contents === undefined) return;
  const size = imageBytes(dataset);
  for (let image = 0; image < count; image++) {
    const [left, top, width, height] = contents.subarray(4 * image, 4 * image + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    fillPadding(pixels.subarray(image * size, (image + 1) * size), dataset, { left, top, width, height }, colour);
  }
}

/**
 * Mean and standard deviation of images, padding included: a network meets it too.
 *
 * @param indices images of the data set
 * @returns the values of `--normalize`, of pixels in [0, 1]: all means, then all deviations; four digits each
 */
export function measuredNormalisation(dataset: Dataset, indices: Int32Array): number[] {
  const moments = histograms({ ...dataset, contents: undefined }, indices).map(momentsOf);
  const rounded = (value: number) => Number((value / 255).toFixed(DIGITS));
  return [
    ...moments.map(({ mean }) => rounded(mean)),
    ...moments.map(({ deviation }) => Math.max(LEAST_DEVIATION, rounded(deviation))),
  ];
}

/** How often each byte occurs in each channel of the images' contents: [channels][256]. */
function histograms(dataset: Dataset, indices: Int32Array): Float64Array[] {
  const { pixels, width, height, channels, contents } = dataset;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (const image of indices) {
    const [left = 0, top = 0, across = width, down = height] = contents?.subarray(4 * image, 4 * image + 4) ?? [];
    for (let row = top; row < top + down; row++) {
      const begin = ((image * height + row) * width + left) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const own = counts[channel]!;
        for (let at = begin + channel; at < begin + across * channels; at += channels) own[pixels[at]!]! += 1;
      }
    }
  }
  return counts;
}

/** Mean and population standard deviation of bytes, from how often each occurs. */
function momentsOf(counts: Float64Array): { mean: number; deviation: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, byte) => sum + count * byte, 0) / total;
  const variance = counts.reduce((sum, count, byte) => sum + count * (byte - mean) ** 2, 0) / total;
  return { mean, deviation: Math.sqrt(variance) };
}
