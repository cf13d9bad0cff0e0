/** The data of `resnet summary`: shape and cost of every layer, their totals, and notes. */

import { millions, percentage } from '../numbers.ts';
import { type Cost, type CostedLayer, costsOf, frozenIn, sumCosts, trainingBytes } from './cost.ts';
import { type Layer, TORCH_CLASS } from './layers.ts';
import type { BodyPart } from './parts.ts';
import type { TracedLayer } from './trace.ts';

/** Figures that add up: those of a layer include those of the layers inside it. */
export interface Figures {
  /** Number of parameters, those of frozen parts included. */
  readonly parameters: number;
  /** Number of parameters that are trained: those of frozen parts are not. */
  readonly trainedParameters: number;
  /** Number of parameters that a gradient could reach at this input size: the others only meet padding. */
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
  /** Present if the layer is not trained. */
  readonly frozen?: true;
  /** Shape of the output in PyTorch's order: batch, channels, height, width. */
  readonly outputShape: readonly number[];
  /** The layers inside this one. */
  readonly layers: readonly SummaryRow[];
}

/** The whole network. */
export interface Summary extends Figures {
  readonly inputShape: readonly number[];
  /** Parts that are not trained; absent if there are none. */
  readonly frozen?: readonly BodyPart[];
  readonly layers: readonly SummaryRow[];
  /** Sentences that warn of a network that does not suit its images; usually none. */
  readonly notes: readonly string[];
}

/** How the summarised network is trained. */
interface SummaryOptions {
  /** Images in a batch, at least 1. */
  readonly batch: number;
  /** Parts that are not trained; default: none. */
  readonly frozen?: readonly BodyPart[] | undefined;
  /** Traces the same network with the stem for small images; absent if it has that stem. */
  readonly smallStem?: (() => readonly TracedLayer[]) | undefined;
}

/**
 * Summarises a network.
 *
 * @param traced the network's layers, from `traceShapes`
 */
export function summarise(traced: readonly TracedLayer[], { batch, frozen = [], smallStem }: SummaryOptions): Summary {
  const costed = costsOf(traced, batch, frozen);
  const cost = sumCosts(costed.map((layer) => layer.cost));
  const whole = { batch, parameters: cost.parameters, isFrozen: frozenIn(traced, frozen) };
  return {
    inputShape: [batch, ...(traced[0]?.input ?? [])],
    ...(frozen.length > 0 ? { frozen } : {}),
    ...figures(cost, cost.parameters),
    layers: costed.map((layer) => summaryRow(layer, whole)),
    notes: notesOn(cost, traced, smallStem),
  };
}

/** The lines that the lesson's trace prints, character for character. */
export function summaryLines({ layers }: Summary): string {
  return layers
    .map(({ type, outputShape }) => `${type} output shape:\t torch.Size([${outputShape.join(', ')}])\n`)
    .join('');
}

/** What every row needs to know of the whole network. */
interface Whole {
  readonly batch: number;
  readonly parameters: number;
  readonly isFrozen: (path: string) => boolean;
}

function summaryRow({ traced, cost, children }: CostedLayer, whole: Whole): SummaryRow {
  const kernel = kernelOf(traced.layer);
  return {
    name: traced.path,
    type: TORCH_CLASS[traced.layer.kind],
    ...(kernel ? { kernel } : {}),
    ...(whole.isFrozen(traced.path) ? { frozen: true } : {}),
    outputShape: [whole.batch, ...traced.output],
    ...figures(cost, whole.parameters),
    layers: children.map((child) => summaryRow(child, whole)),
  };
}

function kernelOf(layer: Layer): SummaryRow['kernel'] {
  if (!('kernel' in layer)) return undefined;
  return { size: layer.kernel, stride: layer.stride, padding: layer.padding };
}

function figures(cost: Cost, allParameters: number): Figures {
  const { parameters, trainedParameters, liveParameters, multAdds } = cost;
  return {
    parameters,
    trainedParameters,
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
