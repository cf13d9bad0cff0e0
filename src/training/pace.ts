/** The speed of training without first steps: the first step of each batch size also records and optimises its graph. */

/** Fewest steps, beside first ones, that make a speed. */
const MIN_STEPS = 2;

/** Measures the speed of the steps of one process. */
export class Pace {
  readonly #sizes = new Set<number>();
  #steps = 0;
  #images = 0;
  #seconds = 0;

  /**
   * Adds a step.
   *
   * @param images number of images in the step's batch
   * @param seconds time since the end of the step before
   */
  add(images: number, seconds: number): void {
    if (!this.#sizes.has(images)) {
      this.#sizes.add(images);
      return;
    }
    this.#steps += 1;
    this.#images += images;
    this.#seconds += seconds;
  }

  /** Images per second; undefined before two steps that are not first ones. */
  get imagesPerSecond(): number | undefined {
    return this.#steps < MIN_STEPS ? undefined : this.#images / this.#seconds;
  }
}
