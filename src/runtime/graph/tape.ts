/**
 * Records the ops that TensorFlow.js sends to TensorFlow. Nothing is computed meanwhile: TensorFlow's shape functions
 * infer the outputs, as for tf.function. Executing the ops as well took 0.8 s per recording at a batch of 128, and the
 * memory of a whole training step.
 */
import type { Attribute, NodeBackend } from '../node-backend.ts';

/** A tensor as the binding describes it. */
export interface TensorMetadata {
  /** Identifier that is never used again; negative for a recorded tensor. */
  readonly id: number;
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Receives the constants and ops of a function, and returns the tensors that they make. */
export interface Tape {
  constant(shape: readonly number[], dtype: number, data: ArrayBufferView): TensorMetadata;
  op(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): TensorMetadata[];
  /** Whether the identifier is that of a recorded tensor. */
  holds(id: number): boolean;
}

/** The methods of the package's binding that handle tensors. */
interface Binding {
  createTensor(shape: number[], dtype: number, data: ArrayBufferView): number;
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[];
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
}

/**
 * Runs `work` and sends all its ops to the tape instead of the backend. The tensors that it makes have no values, and
 * must not be used after it.
 *
 * @throws Error if `work` reads a tensor's value, because the graph cannot repeat what JavaScript computes from it
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
      throw new Error('a recorded function read the value of a tensor, which a graph cannot do');
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
