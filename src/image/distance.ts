/** Distances of pixels to a mask. */
import type { ImageSize } from './size.ts';

/**
 * The Euclidean distance of each pixel's centre to the nearest pixel of a value (Felzenszwalb and Huttenlocher, Distance
 * Transforms of Sampled Functions, 2012).
 *
 * @param mask [height, width]
 * @returns [height, width] in pixels; infinite if no pixel has the value
 */
export function distanceTo(mask: Uint8Array, { height, width }: ImageSize, value: number): Float32Array {
  const squares = Float64Array.from(mask, (each) => (each === value ? 0 : Number.POSITIVE_INFINITY));
  const line = new Float64Array(Math.max(height, width));
  for (let column = 0; column < width; column++) lowerEnvelope(squares, column, width, height, line);
  for (let row = 0; row < height; row++) lowerEnvelope(squares, row * width, 1, width, line);
  return Float32Array.from(squares, Math.sqrt);
}

/** Replaces a line's values by the least of value + squared distance over the line: the lower envelope of parabolas. */
function lowerEnvelope(values: Float64Array, begin: number, step: number, length: number, line: Float64Array): void {
  const places: number[] = [];
  const from: number[] = [];
  for (let at = 0; at < length; at++) {
    line[at] = values[begin + at * step]!;
    if (line[at] === Number.POSITIVE_INFINITY) continue;
    let meets = Number.NEGATIVE_INFINITY;
    while (places.length > 0) {
      const last = places.at(-1)!;
      meets = (line[at]! + at * at - line[last]! - last * last) / (2 * (at - last));
      if (meets > from.at(-1)!) break;
      places.pop();
      from.pop();
      meets = Number.NEGATIVE_INFINITY;
    }
    places.push(at);
    from.push(meets);
  }
  if (places.length === 0) return;
  let current = 0;
  for (let at = 0; at < length; at++) {
    while (current + 1 < places.length && from[current + 1]! < at) current += 1;
    values[begin + at * step] = line[places[current]!]! + (at - places[current]!) ** 2;
  }
}
