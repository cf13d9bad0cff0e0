/** Figures of the training images by which all images are padded and normalised. */
import { fillPadding } from '../image/prepare/fill-padding.ts';
import { type Dataset, imageBytes } from './dataset.ts';
import { type Piece, piecesOf } from './pixels.ts';

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
export async function meanColour(dataset: Dataset, indices: Int32Array): Promise<number[]> {
  return (await histograms(dataset, indices)).map((counts) => Math.round(momentsOf(counts).mean));
}

/**
 * Fills the padding of all images with a colour: in place if they are in memory, else as they are read.
 *
 * @param colour one value for each channel, 0 to 255
 */
export function fillAll(dataset: Dataset, colour: readonly number[]): void {
  const { pixels, contents, count } = dataset;
  if (contents === undefined) return;
  if (!(pixels instanceof Uint8Array)) {
    pixels.fillPadding(colour);
    return;
  }
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
export async function measuredNormalisation(dataset: Dataset, indices: Int32Array): Promise<number[]> {
  const moments = (await histograms({ ...dataset, contents: undefined }, indices)).map(momentsOf);
  const rounded = (value: number) => Number((value / 255).toFixed(DIGITS));
  return [
    ...moments.map(({ mean }) => rounded(mean)),
    ...moments.map(({ deviation }) => Math.max(LEAST_DEVIATION, rounded(deviation))),
  ];
}

/** How often each byte occurs in each channel of the images' contents: [channels][256]. */
async function histograms(dataset: Dataset, indices: Int32Array): Promise<Float64Array[]> {
  const { channels } = dataset;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  let begin = 0;
  for await (const piece of piecesOf(dataset, indices)) {
    countPiece(piece, indices.subarray(begin, begin + piece.rows.length), dataset, counts);
    begin += piece.rows.length;
  }
  return counts;
}

/** Adds the bytes of a piece to the counts, in a function of its own, which is compiled well. */
function countPiece(
  { pixels, rows }: Piece,
  images: Int32Array,
  { width, height, channels, contents }: Dataset,
  counts: readonly Float64Array[],
): void {
  for (const [at, image] of images.entries()) {
    const [left = 0, top = 0, across = width, down = height] = contents?.subarray(4 * image, 4 * image + 4) ?? [];
    for (let line = top; line < top + down; line++) {
      const begin = ((rows[at]! * height + line) * width + left) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const own = counts[channel]!;
        for (let each = begin + channel; each < begin + across * channels; each += channels) own[pixels[each]!]! += 1;
      }
    }
  }
}

/** Mean and population standard deviation of bytes, from how often each occurs. */
function momentsOf(counts: Float64Array): { mean: number; deviation: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, byte) => sum + count * byte, 0) / total;
  const variance = counts.reduce((sum, count, byte) => sum + count * (byte - mean) ** 2, 0) / total;
  return { mean, deviation: Math.sqrt(variance) };
}
