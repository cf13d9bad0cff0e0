/** Ops on bytes on the device. TensorFlow.js has no type for bytes, so these functions return int32 and float32. */
import { DATA_TYPES } from './graph/data-types.ts';
import { attributesFor, type NodeBackend } from './node-backend.ts';
import type { ResourceVariable } from './resource-variable.ts';
import type { Tensor, TensorFlowJs } from './tensor.ts';

const FLOAT = DATA_TYPES.float32.number;
const INT32 = DATA_TYPES.int32.number;
const UINT8 = DATA_TYPES.uint8.number;

/**
 * Gathers rows of a uint8 variable as int32. TensorFlow has a GPU kernel that gathers bytes from a variable, but none
 * that gathers them from a tensor.
 *
 * @param bytes variable of bytes [rows, …]
 * @param rows indices of rows [n], int32
 * @returns [n, …], int32; all dimensions after the first are those of `bytes`
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
  const gathered = backend.executeMultipleOutputs('ResourceGather', gathering, [bytes.handle, rows], 1); // [n, …]
  return numbersOfBytes(tf, gathered[0] as Tensor);
}

/**
 * Casts a tensor of TensorFlow's type uint8, which is an input of a recorded function or made by an op here.
 *
 * @returns int32 of the same shape
 */
export function numbersOfBytes(tf: TensorFlowJs, bytes: Tensor): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { type, flag } = attributesFor(backend);
  const casting = [type('SrcT', UINT8), type('DstT', INT32), flag('Truncate', false)];
  return backend.executeMultipleOutputs('Cast', casting, [bytes], 1)[0] as Tensor;
}

/**
 * Looks each byte up in a table. `tf.gather` would read the indices' values to check them, which a recorded function
 * cannot do.
 *
 * @param table [256]
 * @param bytes int32 of any shape, 0 to 255
 * @returns float32 of the shape of `bytes`
 */
export function lookUpBytes(tf: TensorFlowJs, table: Float32Array, bytes: Tensor): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { type, int } = attributesFor(backend);
  const attributes = [type('Tparams', FLOAT), type('Tindices', INT32), type('Taxis', INT32), int('batch_dims', 0)];
  const inputs = [tf.tensor1d(table), bytes, tf.scalar(0, 'int32')];
  return backend.executeMultipleOutputs('GatherV2', attributes, inputs, 1)[0] as Tensor;
}
