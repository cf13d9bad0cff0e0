/** Checks values before they are fed to a graph. TensorFlow does not check shapes, but may have optimised for them. */
import type { NativeFeed } from '../native/addons.ts';
import { DATA_TYPES, dataTypeOf, type HostTensor } from './data-types.ts';

/** Type and shape of a node's output, as far as TensorFlow infers them before the graph runs. */
export interface NodeOutput {
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  /** Sizes of the dimensions; -1 for an unknown size, null for an unknown number of dimensions. */
  readonly shape: readonly number[] | null;
}

/**
 * Checks a value and converts it to the form that the addon takes.
 *
 * @param name name of the output that the value is fed to, `node` or `node:1`
 * @param expected type and shape of that output
 * @throws Error if the value contradicts itself or does not fit the output
 */
export function nativeFeed(name: string, { dtype, shape, data }: HostTensor, expected: NodeOutput): NativeFeed {
  const require = (condition: boolean, message: string) => {
    if (!condition) throw new Error(`feed "${name}": ${message}`);
  };
  const { number, array } = DATA_TYPES[dtype];
  const holder = data[Symbol.toStringTag]; // the class's name; that of a Buffer is Uint8Array
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

/** Whether a shape equals the expected one in all sizes that are known. */
function fits(shape: readonly number[], expected: NodeOutput['shape']): boolean {
  if (expected === null) return true;
  return shape.length === expected.length && expected.every((side, axis) => side < 0 || side === shape[axis]);
}

/** A shape as text, with ? for unknown sizes. */
function write(shape: NodeOutput['shape']): string {
  return `[${(shape ?? []).map((side) => (side < 0 ? '?' : side)).join(', ')}]`;
}
