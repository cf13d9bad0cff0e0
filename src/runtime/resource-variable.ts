/** TensorFlow's resource variables: a handle tensor refers to the value. */
import { attributesFor, type NodeBackend } from './node-backend.ts';
import type { Tensor, TensorFlowJs, Variable } from './tensor.ts';

/** A variable with its handle, which ops of TensorFlow take as an input. */
export interface ResourceVariable extends Variable {
  readonly handle: Tensor;
}

/** Number of variables made so far; makes their names unique. */
let variableCount = 0;

/**
 * Makes a variable without a value. It can be read after the first `assign`.
 *
 * @param dtype TensorFlow's number of the type (types.proto)
 */
export function resourceVariable(
  tf: TensorFlowJs,
  backend: NodeBackend,
  dtype: number,
  shape: readonly number[],
): ResourceVariable {
  const { type, flag, text, shape: shaped } = attributesFor(backend);
  const run = (op: string, inputs: Tensor[], outputs: number) =>
    backend.executeMultipleOutputs(op, [type('dtype', dtype)], inputs, outputs);
  const handleAttributes = [
    type('dtype', dtype),
    shaped('shape', shape),
    text('container', ''),
    text('shared_name', `resnet/${variableCount++}`),
  ];
  const handle = tf.keep(backend.executeMultipleOutputs('VarHandleOp', handleAttributes, [], 1)[0] as Tensor);
  return {
    shape,
    handle,
    read: () => run('ReadVariableOp', [handle], 1)[0] as Tensor,
    assign: (value) => {
      run('AssignVariableOp', [handle, value], 0);
    },
    dispose() {
      backend.executeMultipleOutputs('DestroyResourceOp', [flag('ignore_lookup_error', true)], [handle], 0);
      handle.dispose();
    },
  };
}
