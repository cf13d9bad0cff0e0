/** Types of TensorFlow.js under the names that the project uses. Importing this file does not load TensorFlow.js. */
import type * as core from '@tensorflow/tfjs';

/** The module TensorFlow.js: the ops, `tidy`, `valueAndGrads` and so on. */
export type TensorFlowJs = typeof core;
export type Tensor = core.Tensor;
export type Scalar = core.Scalar;
export type Tensor1D = core.Tensor1D;
export type Tensor2D = core.Tensor2D;
export type Tensor4D = core.Tensor4D;

/** A value that outlives a training step: a weight, a moment of Adam, a running statistic. */
export interface Variable {
  readonly shape: readonly number[];
  /** The current value; the caller or a surrounding `tidy` disposes it. */
  read(): Tensor;
  /** Replaces the value by one of the same shape; the caller keeps `value`. */
  assign(value: Tensor): void;
  dispose(): void;
}

/** A copy of a float32 variable's current value in JavaScript's memory. */
export function valueOfVariable(variable: Variable): Float32Array {
  const tensor = variable.read();
  const value = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return value;
}
