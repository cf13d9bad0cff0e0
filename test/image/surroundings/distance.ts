/** Distances on a grid of pixels. */

/**
 * The distance of each pixel to the nearest of some pixels (Felzenszwalb and Huttenlocher, Distance Transforms of
 * Sampled Functions, 2012).
 *
 * @param marked [side, side], 1 for those pixels
 * @returns [side, side], in pixels
 */
export function distanceTo(marked: Uint8Array, side: number): Float32Array {
  const squares = Float32Array.from(marked, (value) => (value === 1 ? 0 : 1e9));
  const line = new Float32Array(side);
  const pass = (start: number, step: number) => {
    for (let i = 0; i < side; i++) line[i] = squares[start + i * step]!;
    const lowest = lowerEnvelope(line);
    for (let i = 0; i < side; i++) squares[start + i * step] = lowest[i]!;
  };
  for (let column = 0; column < side; column++) pass(column, side);
  for (let row = 0; row < side; row++) pass(row * side, 1);
  return squares.map(Math.sqrt);
}

/** For each i the least value of (i − j)² + line[j] over all j. */
function lowerEnvelope(line: Float32Array): Float32Array {
  const [vertices, bounds] = [[0], [Number.NEGATIVE_INFINITY]];
  for (let i = 1; i < line.length; i++) {
    let bound = 0;
    while (true) {
      const j = vertices.at(-1)!;
      bound = (line[i]! + i * i - line[j]! - j * j) / (2 * (i - j));
      if (bound > bounds.at(-1)! || vertices.length === 1) break;
      vertices.pop();
      bounds.pop();
    }
    vertices.push(i);
    bounds.push(bound);
  }
  let piece = 0;
  return line.map((_, i) => {
    while (piece + 1 < vertices.length && bounds[piece + 1]! < i) piece++;
    const j = vertices[piece]!;
    return (i - j) ** 2 + line[j]!;
  });
}
