/**
 * The tensors that the forward pass keeps for the backward pass, each once, at the layer that first needs it.
 *
 * A trained convolution, a dense layer and a trained batch norm keep their input, batch norm the batch's mean and
 * variance too, ReLU its output, a pool both; sums and means keep nothing. If a map is copied on its way into a window
 * (written-out padding, small maps), the copy is kept instead.
 *
 * Where nothing before is trained, no gradient flows back, and ReLU and pool keep nothing. A frozen convolution keeps its
 * filter's copies if a gradient flows back through it. Where a batch norm follows, the filter that both are computed by
 * is no activation: it is kept for all steps (see `forward.ts`).
 */
import { convolutionCopies, fixedKernelCopies, maxPoolCopy } from '../runtime/convolution/window-copies.ts';
import { sizeOf } from './parameters.ts';
import type { TracedLayer } from './trace.ts';

/** What is known of a map on its way from layer to layer. */
export interface Flow {
  /** Whether an earlier layer keeps it. */
  readonly isKept: boolean;
  /** Whether a gradient flows back into it: something before it is trained. */
  readonly hasGradient: boolean;
}

/** The flow of the images. */
export const OF_IMAGES: Flow = { isKept: false, hasGradient: false };

/** How a layer is trained. */
export interface LayerTraining {
  /** Images in a batch. */
  readonly batch: number;
  readonly trained: boolean;
  /** Whether a batch norm follows it. */
  readonly normFollows: boolean;
  /** Flow of its input. */
  readonly before: Flow;
  /** Flow of its output. */
  readonly after: Flow;
}

/** Number of values that a layer itself keeps, without the layers inside it. */
export function keptValues(traced: TracedLayer, { batch, trained, normFollows, before, after }: LayerTraining): number {
  const { layer, input, output } = traced;
  const ofInput = keepsInput(traced, trained, before) && !before.isKept ? batch * sizeOf(input) : 0;
  switch (layer.kind) {
    case 'convolution': {
      const { ofImage, ofFilter } = convolutionCopies(input, layer.outChannels, layer);
      if (trained) return ofInput + batch * ofImage + (before.hasGradient ? ofFilter : 0);
      if (!before.hasGradient) return 0;
      return normFollows ? fixedKernelCopies(input, layer.outChannels, layer) : ofFilter;
    }
    case 'batchNorm':
      return ofInput + (trained ? 2 * (input[0] ?? 0) : 0);
    case 'maxPool':
      return before.hasGradient ? ofInput + batch * (maxPoolCopy(input, layer) + sizeOf(output)) : 0;
    case 'relu':
    case 'residual': // ends with a ReLU
      return after.hasGradient ? batch * sizeOf(output) : 0;
    case 'dense':
    case 'globalAveragePool':
    case 'flatten':
    case 'sequential':
      return ofInput;
  }
}

/** Whether a layer keeps its input itself, not a copy. */
export function keepsInput({ layer, input }: TracedLayer, trained: boolean, { hasGradient }: Flow): boolean {
  switch (layer.kind) {
    case 'convolution':
      return trained && convolutionCopies(input, layer.outChannels, layer).readsImage;
    case 'batchNorm':
    case 'dense':
      return trained;
    case 'maxPool':
      return hasGradient && maxPoolCopy(input, layer) === 0;
    default:
      return false;
  }
}

/**
 * The flow of a layer's output.
 *
 * @param ofPaths flows at the ends of the paths inside it
 */
export function flowAfter({ layer }: TracedLayer, trained: boolean, before: Flow, ofPaths: readonly Flow[]): Flow {
  const { hasGradient } = before;
  switch (layer.kind) {
    case 'convolution':
    case 'batchNorm':
    case 'dense':
      return { isKept: false, hasGradient: hasGradient || trained };
    case 'relu':
    case 'maxPool':
      return { isKept: hasGradient, hasGradient };
    case 'globalAveragePool':
      return { isKept: false, hasGradient };
    case 'flatten': // shares its input's memory
      return before;
    case 'sequential':
      return ofPaths[0] ?? before;
    case 'residual': {
      const isReached = ofPaths.some((path) => path.hasGradient);
      return { isKept: isReached, hasGradient: isReached };
    }
  }
}
