/** Checks of what is fed to a graph: TensorFlow checks no shape, though it may have optimised the graph for it. */
import type { NativeFeed } from '../native/addons.ts';
import { DATA_TYPES, dataTypeOf, type HostTensor } from './data-types.ts';

/** What is known of an output of a node before it runs. */
export interface NodeOutput {
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  /** -1 for a side that is not known; null where not even their number is. */
  readonly shape: readonly number[] | null;
}

/**
 * @param name the output that gets the value
 * @param expected what is known of that output
 * @throws Error that says what is wrong with the value in itself, or for this output
 */
export function nativeFeed(name: string, { dtype, shape, data }: HostTensor, expected: NodeOutput): NativeFeed {
  const require = (condition: boolean, message: string) => {
    if (!condition) throw new Error(`feed "${name}": ${message}`);
  };
  const { number, array } = DATA_TYPES[dtype];
  const holder = data[Symbol.toStringTag]; // its class, by name: a Buffer is a Uint8Array, too
  require(holder === array.name, `its ${dtype} values are in an ${holder}, not in a ${array.name}`);
  const wrong = shape.find((side) => !Number.isSafeInteger(side) || side < 0);
  require(wrong === undefined, `a side of its shape is ${wrong}`);
  const count = shape.reduce((product, side) => product * side, 1);
  require(count === data.length, `its shape has ${count} values, its data ${data.length}`);
  require(number === expected.dtype, `the graph expects ${nameOfType(expected.dtype)}, not ${dtype}`);
  require(fits(shape, expected.shape), `the graph expects the shape ${write(expected.shape)}, not ${write(shape)}`);
  return { name, dtype: number, shape, data };
}

function nameOfType(number: number): string {
  return dataTypeOf(number) ?? `dtype ${number}`;
}

function fits(shape: readonly number[], expected: NodeOutput['shape']): boolean {
  if (expected === null) return true;
  return shape.length === expected.length && expected.every((side, axis) => side < 0 || side === shape[axis]);
}

function write(shape: NodeOutput['shape']): string {
  return `[${(shape ?? []).map((side) => (side < 0 ? '?' : side)).join(', ')}]`;
}
