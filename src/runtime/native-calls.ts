/** Counts calls into TensorFlow, each of which costs a crossing between JavaScript and C++. */
import { sessionRuns } from './graph/session.ts';
import type { NodeBackend } from './node-backend.ts';
import type { TensorFlowJs } from './tensor.ts';

/**
 * Counts the native calls of `work`: each op that the backend executes alone, and each run of a graph. Uploads and
 * downloads of tensors are not counted. Requires the TensorFlow backend.
 */
export async function countNativeCalls(tf: TensorFlowJs, work: () => Promise<unknown>): Promise<number> {
  const backend = tf.backend() as unknown as NodeBackend;
  const binding = backend.binding as { executeOp: (...parameters: unknown[]) => unknown };
  let count = -sessionRuns();
  const counting = {
    executeOp(...parameters: unknown[]) {
      count += 1;
      return binding.executeOp(...parameters);
    },
  };
  const replaceable = backend as { binding: unknown };
  replaceable.binding = Object.setPrototypeOf(counting, binding);
  try {
    await work();
  } finally {
    replaceable.binding = binding;
  }
  return count + sessionRuns();
}
