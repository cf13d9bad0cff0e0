/** Statistics of grey levels, by a histogram of them. */

const BINS = 256;

/** A class of levels: histogram bins from `from` to below `to`. */
export interface LevelClass {
  readonly from: number;
  readonly to: number;
}

export class Levels {
  readonly #least: number;
  readonly #step: number;
  readonly #counts = new Float64Array(BINS);

  /** @param values at least one; bytes that reach from 0 to 255 are counted exactly */
  constructor(values: Uint8Array | Float32Array) {
    let [least, most] = [values[0]!, values[0]!];
    for (let index = 1; index < values.length; index++) {
      const value = values[index]!;
      if (value < least) least = value;
      else if (value > most) most = value;
    }
    this.#least = least;
    this.#step = (most - least) / (BINS - 1) || 1;
    for (let index = 0; index < values.length; index++) this.#counts[this.#binOf(values[index]!)]! += 1;
  }

  /** Whether a value is of a class. */
  isOf({ from, to }: LevelClass, value: number): boolean {
    const bin = this.#binOf(value);
    return bin >= from && bin < to;
  }

  /** How many values are of a class; default: all. */
  count({ from, to }: LevelClass = ALL): number {
    let sum = 0;
    for (let bin = from; bin < to; bin++) sum += this.#counts[bin]!;
    return sum;
  }

  /**
   * The level that this fraction of a class's values is no higher than.
   *
   * @param fraction 0 to 1
   * @param of default: all
   */
  quantile(fraction: number, of: LevelClass = ALL): number {
    const wanted = fraction * this.count(of);
    let [bin, sum] = [of.from, this.#counts[of.from]!];
    while (bin < of.to - 1 && (sum < wanted || sum === 0)) sum += this.#counts[++bin]!;
    return this.#levelOf(bin);
  }

  /** Half of a class's values lie no further from a level than this, as a standard deviation of normal noise. */
  spreadAround(level: number, of: LevelClass): number {
    const middle = this.#binOf(level);
    const half = this.count(of) / 2;
    const countAt = (bin: number) => (bin >= of.from && bin < of.to ? this.#counts[bin]! : 0);
    let [distance, sum] = [0, countAt(middle)];
    while (sum < half) {
      distance += 1;
      sum += countAt(middle - distance) + countAt(middle + distance);
    }
    return 1.4826 * distance * this.#step;
  }

  /**
   * Two classes, each as much of one level as can be (Otsu, A Threshold Selection Method from Gray-Level Histograms, 1979:
   * the greatest variance between them). Where all values are equal the light one is empty.
   */
  split(): { dark: LevelClass; light: LevelClass } {
    const [all, total] = [this.count(), this.#counts.reduce((sum, count, bin) => sum + count * bin, 0)];
    let [best, border, dark, darkSum] = [0, BINS, 0, 0];
    for (let bin = 0; bin < BINS - 1; bin++) {
      dark += this.#counts[bin]!;
      darkSum += this.#counts[bin]! * bin;
      const between = dark * (all - dark) * (darkSum / dark - (total - darkSum) / (all - dark)) ** 2;
      if (between > best) [best, border] = [between, bin + 1];
    }
    return { dark: { from: 0, to: border }, light: { from: border, to: BINS } };
  }

  #binOf(value: number): number {
    return Math.round((value - this.#least) / this.#step);
  }

  #levelOf(bin: number): number {
    return this.#least + bin * this.#step;
  }
}

const ALL: LevelClass = { from: 0, to: BINS };
