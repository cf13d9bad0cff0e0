/** Where and how a command will compute, as far as that is known before a backend is opened. */
import { readRuntimeStatus } from '../runtime/installed/locations.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import type { Way } from './estimate.ts';

/**
 * The way in which a command will compute.
 *
 * Whether there is a GPU is known only once TensorFlow is loaded. With TensorFlow's build for GPUs one is expected,
 * unless the user chose the CPU.
 *
 * @param compile whether each step is to run as one graph
 */
export function wayOf({ backend = 'auto', device = 'auto' }: RuntimeChoice, compile: boolean): Way {
  // Where nothing is set up yet, the first use will do it.
  const kind = process.env.RESNET_RUNTIME === 'none' ? 'none' : (readRuntimeStatus()?.kind ?? 'cpu');
  if (backend === 'wasm' || (backend === 'auto' && kind === 'none')) return 'wasm';
  if (device === 'gpu' || (device === 'auto' && kind === 'gpu')) return 'gpu';
  return compile ? 'graph' : 'opByOp';
}
