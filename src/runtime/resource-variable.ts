/** TensorFlow's own variables: a tensor is a handle that leads to the value. */
import { attributesFor, type NodeBackend } from './node-backend.ts';
import type { Tensor, TensorFlowJs, Variable } from './tensor.ts';

export interface ResourceVariable extends Variable {
  readonly handle: Tensor;
}

let made = 0;

/**
 * A variable without a value: read it after the first `assign`.
 *
 * @param dtype TensorFlow's number (types.proto)
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
    text('shared_name', `resnet/${made++}`),
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
