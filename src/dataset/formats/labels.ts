/** Arrays of labels. */
import type { Labels } from './found.ts';

/** Number of labels that a byte can tell apart. */
const BYTE_LABELS = 256;

/**
 * Labels as an array of bytes, or of 16 bits if one of them is above 255.
 *
 * @param labels [count], whole numbers from 0 to 65,534
 */
export function labelsOf(labels: readonly number[]): Labels {
  return labels.some((label) => label >= BYTE_LABELS) ? Uint16Array.from(labels) : Uint8Array.from(labels);
}
