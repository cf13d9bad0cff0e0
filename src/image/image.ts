/** The type of an image. */

/** One image: of grey levels, unless it says that it has three channels. */
export interface Image {
  /** Pixels [height, width, channels], 0 (black) to 255. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** Default: 1. */
  readonly channels?: 1 | 3;
}
