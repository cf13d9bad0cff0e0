/** Normalisation of pixels: the numbers that a network receives for the bytes of an image. */

/**
 * A pixel p in [0, 1] reaches the network as (p − mean) / std. Each is a number for all channels, or a list with one for
 * each channel. Both are rounded to single precision, as in torchvision's `Normalize`.
 */
export interface Normalisation {
  readonly mean: number | readonly number[];
  readonly std: number | readonly number[];
}

/** The normalisation of a new run, and of a file that does not say its own: torchvision's `Normalize(0.5, 0.5)`. */
export const USUAL_NORMALISATION = { mean: 0.5, std: 0.5 } as const;

/** The normalisation of ImageNet's images, which the weights of torchvision and timm expect: red, green, blue. */
export const IMAGENET_NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** Bytes as pixels in [0, 1], [256], as torchvision's `ToTensor` rounds them. */
export const PIXELS: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Normalised values of the bytes. Each step is rounded to single precision as in torchvision, so that the values are
 * equal to the last bit.
 *
 * @returns a table [256] for each channel, or one for all channels if mean and std are numbers
 */
export function normalisedBytes(normalisation: Normalisation): readonly Float32Array[] {
  const { means, stds } = statisticsOf(normalisation);
  return [...means].map((mean, channel) => PIXELS.map((pixel) => Math.fround(pixel - mean) / stds[channel]!));
}

/** Means and standard deviations in single precision: one of each for each channel, or one of each for all channels. */
export function statisticsOf(normalisation: Normalisation): { means: Float32Array; stds: Float32Array } {
  const values = Float32Array.from(normalisationValues(normalisation));
  return { means: values.subarray(0, values.length / 2), stds: values.subarray(values.length / 2) };
}

/** The normalisation that the values of `--normalize` mean: all means, then all standard deviations. */
export function normalisationOf(values: readonly number[]): Normalisation {
  const [means, stds] = [values.slice(0, values.length / 2), values.slice(values.length / 2)];
  const [mean, std] = [means[0], stds[0]];
  return means.length === 1 && mean !== undefined && std !== undefined ? { mean, std } : { mean: means, std: stds };
}

/** The values of `--normalize` that mean a normalisation: the reverse of `normalisationOf`. */
export function normalisationValues({ mean, std }: Normalisation): readonly number[] {
  const count = Math.max([mean].flat().length, [std].flat().length);
  const each = (value: number | readonly number[]) =>
    typeof value === 'number' ? Array.from({ length: count }, () => value) : value;
  return [...each(mean), ...each(std)];
}

/** The normalisation for images of one channel: the means of mean and standard deviation over the channels. */
export function greyNormalisation(normalisation: Normalisation): Normalisation {
  const values = normalisationValues(normalisation);
  const average = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  return { mean: average(values.slice(0, values.length / 2)), std: average(values.slice(values.length / 2)) };
}

/** Whether two normalisations give a network the same numbers for an image of these channels. */
export function isSameNormalisation(one: Normalisation, other: Normalisation, channels: number): boolean {
  const [a, b] = [statisticsOf(one), statisticsOf(other)];
  const equal = (these: Float32Array, those: Float32Array) =>
    Array.from({ length: channels }).every(
      (_, channel) => these[channel % these.length] === those[channel % those.length],
    );
  return equal(a.means, b.means) && equal(a.stds, b.stds);
}
