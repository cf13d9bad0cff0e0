/**
 * Recording what TensorFlow.js asks of TensorFlow. Nothing is computed meanwhile: TensorFlow's shape functions tell what
 * each op would return, as they do for tf.function. (Carrying the ops out took 0.8 s a recording at batch 128, and the
 * memory of a whole step.)
 */
import type { Attribute, NodeBackend } from '../node-backend.ts';

/** A tensor as the binding describes it: by a number that is never used again, below 0 for a recorded one. */
export interface TensorMetadata {
  readonly id: number;
  /** TensorFlow's number. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Where the ops and constants go that a function uses; both tell the tensors that they stand for. */
export interface Tape {
  constant(shape: readonly number[], dtype: number, data: ArrayBufferView): TensorMetadata;
  op(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): TensorMetadata[];
  /** Whether the number stands for a tensor of this tape. */
  holds(id: number): boolean;
}

/** The part of the package's binding that handles tensors. */
interface Binding {
  createTensor(shape: number[], dtype: number, data: ArrayBufferView): number;
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[];
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
}

/**
 * Run `work`, and send all that it would do on the backend to the tape. The tensors that it makes have no values, and
 * must not outlive it.
 *
 * @throws Error where `work` reads a tensor's value: what JavaScript computes from it would be lost to the graph
 */
export function record<T>(backend: NodeBackend, tape: Tape, work: () => T): T {
  const binding = backend.binding as unknown as Binding;
  const recording: Binding = {
    createTensor: (shape, dtype, data) => tape.constant(shape, dtype, data).id,
    executeOp: (op, attributes, inputs, outputs) => tape.op(op, attributes, inputs, outputs),
    deleteTensor(id) {
      if (!tape.holds(id)) binding.deleteTensor(id);
    },
    tensorDataSync() {
      throw new Error('a recorded function read the value of a tensor, which the graph could not do');
    },
  };
  const replaceable = backend as { binding: unknown };
  replaceable.binding = Object.setPrototypeOf(recording, binding as object);
  try {
    return work();
  } finally {
    replaceable.binding = binding;
  }
}
