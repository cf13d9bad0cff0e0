/** Distances on a grid of pixels. */

/**
 * The distance of each pixel to the nearest of some pixels (Felzenszwalb and Huttenlocher, Distance Transforms of
 * Sampled Functions, 2012).
 *
 * @param marked [side, side], 1 for those pixels
 * @returns [side, side], in pixels
 */
export function distanceTo(marked: Uint8Array, side: number): Float32Array {
  const squares = new Float32Array(marked.length);
  for (let at = 0; at < squares.length; at++) squares[at] = marked[at] === 1 ? 0 : FAR;
  for (let column = 0; column < side; column++) pass(squares, column, side, side);
  for (let row = 0; row < side; row++) pass(squares, row * side, 1, side);
  return squares.map(Math.sqrt);
}

/** More than any squared distance on a grid. */
const FAR = 1e9;

/** Replaces each value i of a row or column by the least value of (i − j)² + line[j] over all j. */
function pass(squares: Float32Array, start: number, step: number, side: number): void {
  const line = new Float64Array(side);
  for (let i = 0; i < side; i++) line[i] = squares[start + i * step]!;
  const vertices = new Int32Array(side); // the parabolas that are lowest somewhere
  const bounds = new Float64Array(side).fill(Number.NEGATIVE_INFINITY); // where each begins to be
  let last = 0;
  for (let i = 1; i < side; i++) {
    const bound = () => {
      const j = vertices[last]!;
      return (line[i]! + i * i - line[j]! - j * j) / (2 * (i - j));
    };
    while (last > 0 && bound() <= bounds[last]!) last--;
    const from = bound();
    last++;
    vertices[last] = i;
    bounds[last] = from;
  }
  for (let i = 0, piece = 0; i < side; i++) {
    while (piece < last && bounds[piece + 1]! < i) piece++;
    const j = vertices[piece]!;
    squares[start + i * step] = (i - j) ** 2 + line[j]!;
  }
}
