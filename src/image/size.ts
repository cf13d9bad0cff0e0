/** The type of an image's size. */

/** Size of an image in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}
