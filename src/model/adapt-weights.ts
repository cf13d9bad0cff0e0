/** Fits a trained model's weights to a network that differs only in its head or in the channels of its images. */
import { layerOf, type Parameter } from '../net/parameters.ts';
import type { Values } from './parameter-layout.ts';

/** What became of trained weights on their way into another network. */
export interface AdaptedWeights {
  readonly values: Values;
  /** What was not simply taken; a phrase each, such as `FC: 1000 → 3 classes, drawn anew`. */
  readonly changes: readonly string[];
  /** Number of tensors that were taken, counters included; the first kernel counts even if its channels were fitted. */
  readonly taken: number;
}

/** The trained model, and the network that is to start from it. */
interface Adaptation {
  /** The trained values. */
  readonly found: Values;
  /** Channels and classes of the trained network. */
  readonly from: { readonly channels: number; readonly classes: number };
  /** Parameters of the new network: its channels and classes are theirs. */
  readonly parameters: readonly Parameter[];
  /** Initial values, of which the head is to be; undefined if the trained one is kept. */
  readonly drawn: Values | undefined;
}

/**
 * Takes all weights, but a new head if it is wanted, and the first kernel for other channels: from colour to grey its
 * slices are summed; from grey to colour it is repeated and divided by the number of channels (as timm's
 * `adapt_input_conv` does). Where all channels are normalised alike, a grey picture then gives what it gave before.
 */
export function adaptWeights({ found, from, parameters, drawn }: Adaptation): AdaptedWeights {
  const head = parameters.filter(({ part }) => part === 'head');
  const first = parameters.find(({ kind }) => kind === 'convolutionWeight');
  const channels = first?.shape[1] ?? from.channels;
  const values = new Map<string, Float32Array>();
  for (const { name, kind, part } of parameters) {
    const value = (drawn && part === 'head' ? drawn : found).get(name);
    if (kind !== 'batchCount' && value) values.set(name, value);
  }
  const changes: string[] = [];
  if (first && channels !== from.channels) {
    values.set(first.name, withChannels(values.get(first.name)!, first.shape, from.channels));
    const way = channels === 1 ? 'kernels summed' : `kernels repeated and divided by ${channels}`;
    changes.push(`${layerOf(first)}: ${from.channels} → ${channels} channels, ${way}`);
  }
  if (drawn && head[0]) changes.push(`${layerOf(head[0])}: ${from.classes} → ${head[0].shape[0]} classes, drawn anew`);
  return { values, changes, taken: parameters.length - (drawn ? head.length : 0) };
}

/**
 * A kernel for images of other channels.
 *
 * @param kernel [out, `from`, height, width]
 * @param shape the new shape: [out, channels, height, width]
 */
function withChannels(kernel: Float32Array, shape: readonly number[], from: number): Float32Array {
  const [out = 1, channels = 1, height = 1, width = 1] = shape;
  const taps = height * width;
  const result = new Float32Array(out * channels * taps);
  for (let o = 0; o < out; o++) {
    for (let tap = 0; tap < taps; tap++) {
      let sum = 0;
      for (let channel = 0; channel < from; channel++) sum += kernel[(o * from + channel) * taps + tap]!;
      for (let channel = 0; channel < channels; channel++)
        result[(o * channels + channel) * taps + tap] = sum / channels;
    }
  }
  return result;
}
