/** Folds a batch norm into the convolution before it: in evaluation it is a factor and a shift of each channel. */
import type { Weight } from './graph.ts';

/** The numbers of a batch norm, each [channels]. */
export interface BatchNormValues {
  readonly scale: Weight;
  readonly shift: Weight;
  readonly mean: Weight;
  readonly variance: Weight;
}

/**
 * Weight and bias of a convolution that computes a batch norm, too. Each number is rounded to float32 once.
 *
 * @param weight [out, in, kernel, kernel]
 * @param bias [out]; default: zeros
 */
export function foldedBatchNorm(
  weight: Float32Array,
  bias: Float32Array | undefined,
  { scale, shift, mean, variance }: BatchNormValues,
  epsilon: number,
): { readonly weight: Float32Array; readonly bias: Float32Array } {
  const channels = scale.values.length;
  const perChannel = weight.length / channels;
  const folded = { weight: new Float32Array(weight.length), bias: new Float32Array(channels) };
  for (let channel = 0; channel < channels; channel++) {
    const factor = scale.values[channel]! / Math.sqrt(variance.values[channel]! + epsilon);
    const centred = (bias?.[channel] ?? 0) - mean.values[channel]!;
    folded.bias[channel] = centred * factor + shift.values[channel]!;
    const end = (channel + 1) * perChannel;
    for (let at = channel * perChannel; at < end; at++) folded.weight[at] = weight[at]! * factor;
  }
  return folded;
}
