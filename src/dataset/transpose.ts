/** Transposes images: rows become columns. EMNIST's files hold each image so. */

/**
 * Exchanges rows and columns of images without a second array of their size, which EMNIST's 814,255 images would need.
 *
 * @param pixels [count, height, width, channels]; becomes [count, width, height, channels]
 * @param channels bytes of a pixel, default 1
 */
export function transposeInPlace(pixels: Uint8Array, height: number, width: number, channels = 1): void {
  const size = height * width * channels;
  const image = new Uint8Array(size);
  const step = height * channels; // from a column of the image to the next: rows of the transposed image
  for (let begin = 0; begin < pixels.length; begin += size) {
    image.set(pixels.subarray(begin, begin + size));
    let from = 0;
    for (let row = 0; row < height; row++) {
      let to = begin + row * channels;
      for (let column = 0; column < width; column++, to += step) {
        for (let channel = 0; channel < channels; channel++) pixels[to + channel] = image[from++]!;
      }
    }
  }
}
