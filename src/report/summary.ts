/** `resnet summary` as data: every layer's shape and cost, what they come to, and what is worth a note. */
import { type Cost, type CostedLayer, costsOf, sumCosts, trainingBytes } from '../net/cost.ts';
import { type Layer, TORCH_CLASS } from '../net/layers.ts';
import type { TracedLayer } from '../net/trace.ts';
import { millions, percentage } from './numbers.ts';

/** What adds up: a layer's figures hold those of the layers inside it. */
export interface Figures {
  /** Trained values, and how many of them a gradient can ever reach at this input size. */
  readonly parameters: number;
  readonly liveParameters: number;
  /** Of the network's parameters, 0 to 1. */
  readonly share: number;
  /** Multiplications with an addition each, for the whole batch, as torchinfo counts them. */
  readonly multAdds: number;
  /** Memory of a training step, in bytes; see net/cost.ts for what is counted. */
  readonly memory: {
    readonly weights: number;
    readonly gradients: number;
    readonly adam: number;
    readonly activations: number;
    readonly total: number;
  };
}

export interface SummaryRow extends Figures {
  /** The layer's address, as in the names of its parameters. */
  readonly name: string;
  /** PyTorch's class. */
  readonly type: string;
  /** Absent where no window slides. */
  readonly kernel?: { readonly size: number; readonly stride: number; readonly padding: number };
  /** Batch first, then channels, height and width, as PyTorch prints them. */
  readonly outputShape: readonly number[];
  /** The layers inside this one. */
  readonly layers: readonly SummaryRow[];
}

export interface Summary extends Figures {
  readonly inputShape: readonly number[];
  readonly layers: readonly SummaryRow[];
  /** What a reader should know of a network that does not fit its images: sentences, most often none. */
  readonly notes: readonly string[];
}

/**
 * @param traced the network, from `traceShapes`
 * @param batch images in a batch, ≥ 1
 * @param smallStem the same network with the stem for small images, where it has another
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

/** The lines that the original's trace prints, character for character. */
export function summaryLines({ layers }: Summary): string {
  return layers
    .map(({ type, outputShape }) => `${type} output shape:\t torch.Size([${outputShape.join(', ')}])\n`)
    .join('');
}

/** @param parameters of the whole network */
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

/** A share of dead parameters that is worth a note. */
const MANY_DEAD = 0.25;

/** A gain in the share of live parameters that makes another stem worth naming. */
const WORTH_A_STEM = 0.05;

function notesOn(cost: Cost, traced: readonly TracedLayer[], smallStem?: () => readonly TracedLayer[]): string[] {
  const { parameters, liveParameters } = cost;
  const dead = parameters - liveParameters;
  if (dead < MANY_DEAD * parameters) return [];
  const size = (traced[0]?.input ?? []).join('×');
  const cured = smallStem && liveFraction(sumCosts(costsOf(smallStem(), 1).map((layer) => layer.cost)));
  return [
    `${millions(dead)} M of ${millions(parameters)} M parameters only meet padding at ${size} and never train.`,
    cured !== undefined && cured > liveFraction(cost) + WORTH_A_STEM
      ? `With --stem cifar ${percentage(cured)} of the parameters are live.`
      : 'Larger images would reach them.',
  ];
}

function liveFraction({ parameters, liveParameters }: Cost): number {
  return liveParameters / parameters;
}
