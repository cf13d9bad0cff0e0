/** The type of a grey image. */

/** One grey image. */
export interface Image {
  /** Pixels [height, width], 0 (black) to 255. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}
