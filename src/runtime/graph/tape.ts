/** Recording what TensorFlow.js asks of TensorFlow: every op, in order, with the constants made on the way. */
import type { Attribute, NodeBackend } from '../tensorflow-ops.ts';

/** A tensor as the binding describes it: a number that is never used again. */
export interface TensorMetadata {
  readonly id: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

export interface RecordedOp {
  readonly op: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly TensorMetadata[];
}

/** A tensor made from JavaScript values while recording. */
export interface RecordedConstant extends TensorMetadata {
  readonly data: ArrayBufferView;
}

export interface Tape {
  readonly ops: readonly RecordedOp[];
  readonly constants: ReadonlyMap<number, RecordedConstant>;
}

/** The part of the package's binding that makes tensors. */
interface Binding {
  createTensor(shape: number[], dtype: number, data: ArrayBufferView): number;
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[];
  tensorDataSync(id: number): ArrayBufferView;
}

/**
 * Run `work` on the backend and write down all that it does there.
 *
 * @throws Error where `work` reads a tensor's value: what JavaScript computes from it would be lost to the graph
 */
export function record<T>(backend: NodeBackend, work: () => T): { tape: Tape; result: T } {
  const ops: RecordedOp[] = [];
  const constants = new Map<number, RecordedConstant>();
  const binding = backend.binding as unknown as Binding;
  const recording: Binding = {
    createTensor(shape, dtype, data) {
      const id = binding.createTensor(shape, dtype, data);
      constants.set(id, { id, shape: [...shape], dtype, data });
      return id;
    },
    executeOp(op, attributes, inputs, count) {
      const outputs = binding.executeOp(op, attributes, inputs, count);
      ops.push({ op, attributes, inputs: [...inputs], outputs });
      return outputs;
    },
    tensorDataSync() {
      throw new Error('a recorded function read the value of a tensor, which the graph could not do');
    },
  };
  const replaceable = backend as { binding: unknown };
  replaceable.binding = Object.setPrototypeOf(recording, binding as object);
  try {
    return { result: work(), tape: { ops, constants } };
  } finally {
    replaceable.binding = binding;
  }
}
