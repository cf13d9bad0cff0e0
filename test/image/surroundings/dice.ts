/** What is drawn by lot for one picture: all of it follows from one seed. */
import { RandomGenerator } from '../../../src/random.ts';

const { floor, max, min } = Math;

/** A range of numbers: [least, most]. */
export type Range = readonly [number, number];

/** The lots of one picture. */
export class Dice {
  readonly #random: RandomGenerator;

  /** @param seed from 0 to 2³² − 1 */
  constructor(seed: number) {
    this.#random = RandomGenerator.seeded(seed, 'augmentation');
  }

  /** A number of the range, all equally likely. */
  within([least, most]: Range): number {
    return least + (most - least) * this.#random.uniform();
  }

  /** A whole number of the range, both ends included. */
  whole([least, most]: Range): number {
    return least + this.#random.below(most - least + 1);
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  /** One of the choices, all equally likely. */
  of<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.#random.below(choices.length)]!;
  }

  /**
   * A smooth texture: random values on a lattice, and between them a smooth transition.
   *
   * @param cell distance of the lattice's points, in pixels
   * @returns its value at a point, −1 to 1
   */
  texture(cell: number): (x: number, y: number) => number {
    const side = 64; // the lattice repeats after as many points
    const lattice = Float32Array.from({ length: side * side }, () => this.within([-1, 1]));
    const at = (column: number, row: number) => lattice[(row & (side - 1)) * side + (column & (side - 1))]!;
    return (x, y) => {
      const column = floor(x / cell);
      const row = floor(y / cell);
      const across = smoothStep(x / cell - column);
      const down = smoothStep(y / cell - row);
      const upper = at(column, row) + across * (at(column + 1, row) - at(column, row));
      const lower = at(column, row + 1) + across * (at(column + 1, row + 1) - at(column, row + 1));
      return upper + down * (lower - upper);
    };
  }

  /**
   * Grain: independent normally distributed values. They come from a table of which each row of a picture reads
   * another part: to draw half a million values anew would take longer than all else.
   *
   * @param deviation standard deviation of the values
   * @returns the values of the next row, [width]
   */
  grain(width: number, deviation: number): () => Float32Array {
    const table = new Float32Array(16 * 1024 + width);
    this.#random.fillNormal(table, deviation);
    return () => {
      const start = this.#random.below(16 * 1024);
      return table.subarray(start, start + width);
    };
  }
}

/** From 0 at 0 to 1 at 1, level at both ends. */
export function smoothStep(value: number): number {
  const within = max(0, min(1, value));
  return within * within * (3 - 2 * within);
}
