/** Statistics of grey levels, computed from a histogram. */

/** Number of bins of the histogram: one for each value of a byte. */
const HISTOGRAM_BINS = 256;

/** Ratio of a normal distribution's standard deviation to its median absolute deviation. */
const DEVIATION_PER_MEDIAN_DISTANCE = 1.4826;

/** A class of grey levels: histogram bins from `from` up to but excluding `to`. */
export interface LevelClass {
  readonly from: number;
  readonly to: number;
}

/** A histogram of grey levels from the smallest to the largest value. */
export class Levels {
  readonly #min: number;
  readonly #binWidth: number;
  readonly #counts = new Float64Array(HISTOGRAM_BINS);

  /**
   * @param values at least one value; bytes from 0 to 255 have a bin each
   * @param stride 1 counts every value, 2 every second one, and so on
   */
  constructor(values: Uint8Array | Float32Array, stride = 1) {
    let [min, max] = [values[0]!, values[0]!];
    for (let index = stride; index < values.length; index += stride) {
      const value = values[index]!;
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    this.#min = min;
    this.#binWidth = (max - min) / (HISTOGRAM_BINS - 1) || 1;
    const counts = this.#counts;
    const perBin = 1 / this.#binWidth;
    for (let index = 0; index < values.length; index += stride)
      counts[Math.round((values[index]! - min) * perBin)]! += 1;
  }

  /** Whether a class contains a value. */
  contains({ from, to }: LevelClass, value: number): boolean {
    const bin = this.#binOf(value);
    return bin >= from && bin < to;
  }

  /** Number of values in a class; default: all values. */
  count({ from, to }: LevelClass = ALL_LEVELS): number {
    let sum = 0;
    for (let bin = from; bin < to; bin++) sum += this.#counts[bin]!;
    return sum;
  }

  /**
   * The quantile of a class's values.
   *
   * @param fraction fraction of the values that lie at or below the quantile, 0 to 1
   * @param within the class; default: all values
   */
  quantile(fraction: number, within: LevelClass = ALL_LEVELS): number {
    const wanted = fraction * this.count(within);
    let [bin, sum] = [within.from, this.#counts[within.from]!];
    while (bin < within.to - 1 && (sum < wanted || sum === 0)) sum += this.#counts[++bin]!;
    return this.#levelOf(bin);
  }

  /**
   * Standard deviation of a class's values around a level, estimated as for normal noise from the distance within which
   * half of them lie. Outliers do not affect it.
   */
  deviationAround(level: number, within: LevelClass = ALL_LEVELS): number {
    const middle = this.#binOf(level);
    const half = this.count(within) / 2;
    const countAt = (bin: number) => (bin >= within.from && bin < within.to ? this.#counts[bin]! : 0);
    let [distance, sum] = [0, countAt(middle)];
    while (sum < half) {
      distance += 1;
      sum += countAt(middle - distance) + countAt(middle + distance);
    }
    return DEVIATION_PER_MEDIAN_DISTANCE * distance * this.#binWidth;
  }

  /**
   * Splits the values into a dark and a light class with the largest variance between the two (Otsu, A Threshold
   * Selection Method from Gray-Level Histograms, 1979). If all values are equal, the light class is empty.
   */
  split(): { dark: LevelClass; light: LevelClass } {
    const [all, total] = [this.count(), this.#counts.reduce((sum, count, bin) => sum + count * bin, 0)];
    let [largestVariance, threshold, dark, darkSum] = [0, HISTOGRAM_BINS, 0, 0];
    for (let bin = 0; bin < HISTOGRAM_BINS - 1; bin++) {
      dark += this.#counts[bin]!;
      darkSum += this.#counts[bin]! * bin;
      const variance = dark * (all - dark) * (darkSum / dark - (total - darkSum) / (all - dark)) ** 2;
      if (variance > largestVariance) [largestVariance, threshold] = [variance, bin + 1];
    }
    return { dark: { from: 0, to: threshold }, light: { from: threshold, to: HISTOGRAM_BINS } };
  }

  #binOf(value: number): number {
    return Math.round((value - this.#min) / this.#binWidth);
  }

  #levelOf(bin: number): number {
    return this.#min + bin * this.#binWidth;
  }
}

/** The class of all levels. */
const ALL_LEVELS: LevelClass = { from: 0, to: HISTOGRAM_BINS };
