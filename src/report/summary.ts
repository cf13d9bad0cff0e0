/** The data of `resnet summary`: shape and cost of every layer, their totals, and notes. */
import { type Cost, type CostedLayer, costsOf, sumCosts, trainingBytes } from '../net/cost.ts';
import { type Layer, TORCH_CLASS } from '../net/layers.ts';
import type { TracedLayer } from '../net/trace.ts';
import { millions, percentage } from './numbers.ts';

/** Figures that add up: those of a layer include those of the layers inside it. */
export interface Figures {
  /** Number of trained parameters. */
  readonly parameters: number;
  /** Number of trained parameters that a gradient can reach at this input size: the others only meet padding. */
  readonly liveParameters: number;
  /** Fraction of the network's parameters, 0 to 1. */
  readonly share: number;
  /** Multiplications with an addition each, for the whole batch, counted as torchinfo counts them. */
  readonly multAdds: number;
  /** Memory of a training step (bytes); `net/cost.ts` says what is counted. */
  readonly memory: {
    readonly weights: number;
    readonly gradients: number;
    readonly adam: number;
    readonly activations: number;
    readonly total: number;
  };
}

/** A layer of the network. */
export interface SummaryRow extends Figures {
  /** The layer's path, as in the names of its parameters. */
  readonly name: string;
  /** The layer's class in PyTorch. */
  readonly type: string;
  /** The layer's kernel; absent if the layer has none. */
  readonly kernel?: { readonly size: number; readonly stride: number; readonly padding: number };
  /** Shape of the output in PyTorch's order: batch, channels, height, width. */
  readonly outputShape: readonly number[];
  /** The layers inside this one. */
  readonly layers: readonly SummaryRow[];
}

/** The whole network. */
export interface Summary extends Figures {
  readonly inputShape: readonly number[];
  readonly layers: readonly SummaryRow[];
  /** Sentences that warn of a network that does not suit its images; usually none. */
  readonly notes: readonly string[];
}

/**
 * Summarises a network.
 *
 * @param traced the network's layers, from `traceShapes`
 * @param batch number of images in a batch, at least 1
 * @param smallStem traces the same network with the stem for small images; undefined if it has that stem
 */
export function summarise(
  traced: readonly TracedLayer[],
  batch: number,
  smallStem?: () => readonly TracedLayer[],
): Summary {
  const costed = costsOf(traced, batch);
  const cost = sumCosts(costed.map((layer) => layer.cost));
  const inputShape = [batch, ...(traced[0]?.input ?? [])];
  return {
    inputShape,
    ...figures(cost, cost.parameters),
    layers: costed.map((layer) => summaryRow(layer, batch, cost.parameters)),
    notes: notesOn(cost, traced, smallStem),
  };
}

/** The lines that the lesson's trace prints, character for character. */
export function summaryLines({ layers }: Summary): string {
  return layers
    .map(({ type, outputShape }) => `${type} output shape:\t torch.Size([${outputShape.join(', ')}])\n`)
    .join('');
}

/** @param parameters number of the whole network's parameters */
function summaryRow({ traced, cost, children }: CostedLayer, batch: number, parameters: number): SummaryRow {
  const kernel = kernelOf(traced.layer);
  return {
    name: traced.path,
    type: TORCH_CLASS[traced.layer.kind],
    ...(kernel ? { kernel } : {}),
    outputShape: [batch, ...traced.output],
    ...figures(cost, parameters),
    layers: children.map((child) => summaryRow(child, batch, parameters)),
  };
}

function kernelOf(layer: Layer): SummaryRow['kernel'] {
  if (!('kernel' in layer)) return undefined;
  return { size: layer.kernel, stride: layer.stride, padding: layer.padding };
}

function figures(cost: Cost, allParameters: number): Figures {
  const { parameters, liveParameters, multAdds } = cost;
  return {
    parameters,
    liveParameters,
    share: parameters / allParameters,
    multAdds,
    memory: {
      weights: cost.weightBytes,
      gradients: cost.gradientBytes,
      adam: cost.adamBytes,
      activations: cost.activationBytes,
      total: trainingBytes(cost),
    },
  };
}

/** Fraction of dead parameters (those that only meet padding) from which a note is made. */
const MIN_NOTED_DEAD_FRACTION = 0.25;

/** Gain in the fraction of live parameters from which the note recommends the other stem. */
const MIN_STEM_GAIN = 0.05;

/** A note if many parameters only meet padding: how many, and which stem would reach more of them. */
function notesOn(cost: Cost, traced: readonly TracedLayer[], smallStem?: () => readonly TracedLayer[]): string[] {
  const { parameters, liveParameters } = cost;
  const dead = parameters - liveParameters;
  if (dead < MIN_NOTED_DEAD_FRACTION * parameters) return [];
  const size = (traced[0]?.input ?? []).join('×');
  const cured = smallStem && liveFraction(sumCosts(costsOf(smallStem(), 1).map((layer) => layer.cost)));
  return [
    `${millions(dead)} M of ${millions(parameters)} M parameters only meet padding at ${size} and never train.`,
    cured !== undefined && cured > liveFraction(cost) + MIN_STEM_GAIN
      ? `With --stem cifar ${percentage(cured)} of the parameters are live.`
      : 'Larger images would reach them.',
  ];
}

function liveFraction({ parameters, liveParameters }: Cost): number {
  return liveParameters / parameters;
}
