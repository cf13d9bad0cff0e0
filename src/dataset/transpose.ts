/** Transposes images: rows become columns. EMNIST's files hold each image so. */

/**
 * Images with rows and columns exchanged.
 *
 * @param pixels [count, height, width]
 * @returns a copy, [count, width, height]
 */
export function transposeImages(pixels: Uint8Array, height: number, width: number): Uint8Array {
  const transposed = new Uint8Array(pixels.length); // [count, width, height]
  const size = height * width;
  for (let begin = 0; begin < pixels.length; begin += size) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        transposed[begin + column * height + row] = pixels[begin + row * width + column]!;
      }
    }
  }
  return transposed;
}
