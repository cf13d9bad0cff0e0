/** The current backend of TensorFlow.js, which all runtimes of a process share. */
import type { Runtime } from './open.ts';

/** Makes a runtime's backend the current one again, if another was opened since. */
export async function makeCurrent({ tf, backend }: Pick<Runtime, 'tf' | 'backend'>): Promise<void> {
  if (tf.getBackend() !== backend) await tf.setBackend(backend);
}
