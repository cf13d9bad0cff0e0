/** Counting the calls into TensorFlow, each of which costs a crossing between JavaScript and C++. */
import { sessionRuns } from './graph/session.ts';
import type { NodeBackend } from './node-backend.ts';
import type { TensorFlowJs } from './tensor.ts';

/**
 * @returns how many ops `work` has the backend carry out one by one, and how many graphs it runs; moving a tensor's values
 *   is not counted. Needs the TensorFlow backend
 */
export async function countNativeCalls(tf: TensorFlowJs, work: () => Promise<unknown>): Promise<number> {
  const backend = tf.backend() as unknown as NodeBackend;
  const binding = backend.binding as { executeOp: (...words: unknown[]) => unknown };
  let count = -sessionRuns();
  const counting = {
    executeOp(...words: unknown[]) {
      count += 1;
      return binding.executeOp(...words);
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
