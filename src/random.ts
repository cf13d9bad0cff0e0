import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { ExitCode, UserError } from './errors.ts';

/**
 * One stream for each use of chance, so that a change in one (say, augmentation switched on) leaves the others as they
 * were. A stream's place in this list is part of what a seed means: append, never reorder.
 */
const STREAMS = ['initialisation', 'split', 'subset', 'shuffle', 'augmentation'] as const;

export type RandomStream = (typeof STREAMS)[number];

/** The largest seed: the generator is seeded with 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;

/**
 * xoroshiro128+ (Blackman & Vigna 2018, https://prng.di.unimi.it): the same seed gives the same numbers on every machine
 * and version, and the state can be saved and restored.
 */
export class RandomGenerator {
  readonly #generator: JumpableRandomGenerator;

  private constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  /**
   * Streams of one seed are 2⁶⁴ numbers apart. Even the first is a jump away from the seed, because the numbers right
   * behind it are hardly mixed (the very first is the seed's complement).
   * @param seed an integer from 0 to `MAX_SEED`
   * @throws {UserError} exit 2 for any other seed
   */
  static seeded(seed: number, stream: RandomStream): RandomGenerator {
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
      throw new UserError(`seed must be an integer from 0 to ${MAX_SEED}, got ${seed}`, ExitCode.usage);
    }
    const generator = xoroshiro128plus(seed);
    for (let jumps = 0; jumps <= STREAMS.indexOf(stream); jumps++) generator.jump();
    return new RandomGenerator(generator);
  }

  /**
   * @param state what `state()` returned
   * @throws {UserError} exit 4 if it is not a state: it comes from a checkpoint
   */
  static restore(state: readonly number[]): RandomGenerator {
    const valid = state.length === 4 && state.every((word) => word === (word | 0)) && state.some((word) => word !== 0);
    if (!valid) {
      const found = JSON.stringify(state).slice(0, 80);
      throw new UserError(`generator state must be four 32-bit integers, not all 0, got ${found}`, ExitCode.checkpoint);
    }
    return new RandomGenerator(xoroshiro128plusFromState(state));
  }

  /** Four signed 32-bit integers, fit for JSON. */
  state(): number[] {
    return [...this.#generator.getState()];
  }

  /** A multiple of 2⁻²⁴ in [0, 1), from the upper bits: the lowest bits of xoroshiro128+ are its weakest. */
  uniform(): number {
    return (this.#generator.next() >>> 8) * 2 ** -24;
  }

  /** @returns an integer in [0, n), each equally likely; n from 1 to 2³² */
  below(n: number): number {
    return uniformInt(this.#generator, 0, n - 1);
  }

  /** Shuffles in place (Fisher–Yates), each order equally likely. */
  shuffle(array: Int32Array): void {
    for (let last = array.length - 1; last > 0; last--) {
      const chosen = this.below(last + 1);
      const value = array[chosen]!;
      array[chosen] = array[last]!;
      array[last] = value;
    }
  }

  /** Fills `out` with U(−bound, bound): 11 million values take about 0.1 s. */
  fillUniform(out: Float32Array, bound: number): void {
    for (let i = 0; i < out.length; i++) out[i] = (2 * this.uniform() - 1) * bound;
  }

  /** Fills `out` with N(0, deviation²), by pairs (Box & Muller 1958). */
  fillNormal(out: Float32Array, deviation: number): void {
    for (let i = 0; i < out.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - this.uniform())); // 1 − u lies in (0, 1]
      const angle = 2 * Math.PI * this.uniform();
      out[i] = radius * Math.cos(angle);
      out[i + 1] = radius * Math.sin(angle); // past the end of an odd length it is ignored
    }
  }
}
