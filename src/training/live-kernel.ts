/** A convolution's kernel on the host is whole; on the backend only the taps that ever meet a pixel are kept. */
import type { LiveWindow } from '../runtime/window-geometry.ts';

/**
 * @param kernel [kernel, kernel, in, out]
 * @param channels in · out
 * @returns a copy of the live taps, [live rows, live columns, in, out]
 */
export function cutLiveTaps(kernel: Float32Array, side: number, channels: number, live: LiveWindow): Float32Array {
  const cut = new Float32Array(live.rows.count * live.columns.count * channels);
  forEachRow(side, channels, live, (from, to, length) => cut.set(kernel.subarray(from, from + length), to));
  return cut;
}

/** The reverse: writes live taps over those of a whole kernel, in place; the dead ones stay. */
export function pasteLiveTaps(
  kernel: Float32Array,
  side: number,
  channels: number,
  live: LiveWindow,
  cut: Float32Array,
): void {
  forEachRow(side, channels, live, (to, from, length) => kernel.set(cut.subarray(from, from + length), to));
}

/** Visits each live row: where it begins in the whole kernel and in the cut one, and its length. */
function forEachRow(
  side: number,
  channels: number,
  { rows, columns }: LiveWindow,
  visit: (whole: number, cut: number, length: number) => void,
): void {
  const length = columns.count * channels;
  for (let row = 0; row < rows.count; row++) {
    visit(((rows.first + row) * side + columns.first) * channels, row * length, length);
  }
}
