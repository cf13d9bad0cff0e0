/** TensorFlow.js's types, under the names that the rest of the project uses; importing this loads nothing of it. */
import type * as core from '@tensorflow/tfjs';

/** TensorFlow.js: the ops, `tidy`, `valueAndGrads`. */
export type TensorFlowJs = typeof core;
export type Tensor = core.Tensor;
export type Scalar = core.Scalar;
export type Tensor1D = core.Tensor1D;
export type Tensor2D = core.Tensor2D;
export type Tensor4D = core.Tensor4D;

/** A tensor that outlives the step: a weight, an Adam slot, a running statistic. */
export interface Variable {
  readonly shape: readonly number[];
  /** The present value; the caller disposes it (or a surrounding `tidy` does). */
  read(): Tensor;
  /** Replace the value by one of the same shape; `value` stays the caller's. */
  assign(value: Tensor): void;
  dispose(): void;
}

/** A copy of a float32 variable's present value, in JavaScript's memory. */
export function valueOfVariable(variable: Variable): Float32Array {
  const tensor = variable.read();
  const value = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return value;
}
