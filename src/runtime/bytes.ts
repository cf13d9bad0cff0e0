/** Bytes on the device: TensorFlow.js has no such type, so that they never leave these functions as bytes. */
import { DATA_TYPES } from './graph/data-types.ts';
import { attributesFor, type NodeBackend } from './node-backend.ts';
import type { ResourceVariable } from './resource-variable.ts';
import type { Tensor, TensorFlowJs } from './tensor.ts';

const FLOAT = DATA_TYPES.float32.number;
const INT32 = DATA_TYPES.int32.number;
const UINT8 = DATA_TYPES.uint8.number;

/**
 * Rows of a uint8 variable, as int32. (TensorFlow has a GPU kernel for gathering bytes from a variable, but none for
 * gathering them from a tensor.)
 *
 * @param rows [n], int32
 * @returns [n, …] of the variable's shape behind its first dimension
 */
export function gatherBytes(tf: TensorFlowJs, bytes: ResourceVariable, rows: Tensor): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { type, int, flag } = attributesFor(backend);
  const gathering = [
    type('dtype', UINT8),
    type('Tindices', INT32),
    int('batch_dims', 0),
    flag('validate_indices', true),
  ];
  const gathered = backend.executeMultipleOutputs('ResourceGather', gathering, [bytes.handle, rows], 1);
  const casting = [type('SrcT', UINT8), type('DstT', INT32), flag('Truncate', false)];
  return backend.executeMultipleOutputs('Cast', casting, gathered, 1)[0] as Tensor;
}

/**
 * What a table says of each byte. (`tf.gather` looks at the indices first, which a recorded function cannot.)
 *
 * @param table [256], float32
 * @param bytes int32, of any shape, which the result has too
 */
export function lookUpBytes(tf: TensorFlowJs, table: Float32Array, bytes: Tensor): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { type, int } = attributesFor(backend);
  const attributes = [type('Tparams', FLOAT), type('Tindices', INT32), type('Taxis', INT32), int('batch_dims', 0)];
  const inputs = [tf.tensor1d(table), bytes, tf.scalar(0, 'int32')];
  return backend.executeMultipleOutputs('GatherV2', attributes, inputs, 1)[0] as Tensor;
}
