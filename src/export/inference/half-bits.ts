/** The weights of a graph as float16. */
import { halfOf } from '../../checkpoint/half.ts';
import type { Weight } from './graph.ts';

/**
 * The bits of a weight of a graph whose weights are float16: its numbers are such already, so none is rounded.
 *
 * @throws Error if one does not fit, which the graph has refused
 */
export function halfBits({ name, values }: Pick<Weight, 'name' | 'values'>): Uint16Array {
  const bits = halfOf(values);
  if (bits === undefined) throw new Error(`${name} does not fit float16`);
  return bits;
}
