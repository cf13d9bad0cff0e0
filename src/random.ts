/** Random numbers by seed: separate streams for each use, with states that checkpoints save. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { ExitCode, UserError } from './errors.ts';

/**
 * One stream of random numbers for each use, so that a change in one use (for example, augmentation switched on) leaves
 * the others unchanged. A stream's index in this list decides its numbers: append, never reorder.
 */
const STREAMS = ['initialisation', 'split', 'subset', 'shuffle', 'augmentation', 'test', 'proof'] as const;

/** Name of a stream: the use of its numbers. */
export type RandomStream = (typeof STREAMS)[number];

/** The largest seed; the generator takes a seed of 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;

/**
 * The generator xoroshiro128+ (Blackman & Vigna 2018, https://prng.di.unimi.it). A seed gives the same numbers on every
 * machine and in every version, and the state can be saved and restored.
 */
export class RandomGenerator {
  readonly #generator: JumpableRandomGenerator;

  private constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  /**
   * Makes the generator of a stream. The streams of one seed are 2⁶⁴ numbers apart, one jump each. The first stream too
   * is one jump away from the seed, because the numbers right after a seed are poorly mixed: the very first is the
   * seed's complement.
   *
   * @param seed an integer from 0 to `MAX_SEED`
   * @throws UserError (usage) for any other seed
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
   * Makes a generator that continues at a saved state.
   *
   * @param state a result of `state()`
   * @throws UserError (checkpoint) if it is not a valid state: states are read from checkpoints
   */
  static restore(state: readonly number[]): RandomGenerator {
    const valid = state.length === 4 && state.every((word) => word === (word | 0)) && state.some((word) => word !== 0);
    if (!valid) {
      const found = JSON.stringify(state).slice(0, 80);
      throw new UserError(`generator state must be four 32-bit integers, not all 0, got ${found}`, ExitCode.checkpoint);
    }
    return new RandomGenerator(xoroshiro128plusFromState(state));
  }

  /** The generator's state as four signed 32-bit integers, which JSON can hold. */
  state(): number[] {
    return [...this.#generator.getState()];
  }

  /** A multiple of 2⁻²⁴ in [0, 1). It is made from the upper bits: the lowest bits of xoroshiro128+ are its weakest. */
  uniform(): number {
    return (this.#generator.next() >>> 8) * 2 ** -24;
  }

  /** A uniformly distributed integer in [0, n), for n from 1 to 2³². */
  below(n: number): number {
    return uniformInt(this.#generator, 0, n - 1);
  }

  /** Shuffles an array in place (Fisher–Yates); all orders are equally likely. */
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

  /** Fills `out` with N(0, deviation²), two values at a time (Box & Muller 1958). */
  fillNormal(out: Float32Array, deviation: number): void {
    for (let i = 0; i < out.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - this.uniform())); // 1 − u lies in (0, 1]
      const angle = 2 * Math.PI * this.uniform();
      out[i] = radius * Math.cos(angle);
      out[i + 1] = radius * Math.sin(angle); // ignored after the end of an array of odd length
    }
  }
}
