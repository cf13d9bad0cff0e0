/** Reads a network's definition and its weights into the list of operations that answers for images. */
import { halfOf, singleOfHalf } from '../../checkpoint/half.ts';
import { type Normalisation, statisticsOf } from '../../dataset/normalisation.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { Values } from '../../model/parameter-layout.ts';
import { parametersOf } from '../../net/parameters.ts';
import { type Architecture, resNet } from '../../net/resnet.ts';
import { pathsOf, type TracedLayer, traceShapes } from '../../net/trace.ts';
import { BATCH_NORM_EPSILON } from '../../runtime/ops.ts';
import { type BatchNormValues, foldedBatchNorm } from './folding.ts';
import { type GraphNode, INPUT_NAME, type InferenceGraph, type Operation, type Weight } from './graph.ts';

/** A trained network. */
export interface GraphSource {
  readonly architecture: Architecture;
  /** Shape of one image: [channels, height, width]. */
  readonly input: readonly [channels: number, height: number, width: number];
  /** All weights and running statistics by name, in PyTorch's layouts. */
  readonly values: Values;
  readonly normalisation: Normalisation;
  /** What logits are divided by for probabilities; default: 1. */
  readonly temperature?: number | undefined;
}

/** What the graph is like. */
export interface GraphOptions {
  /** Whether it takes normalised images; default: it takes bytes, and normalises them. */
  readonly raw?: boolean | undefined;
  /** Whether batch norms stay; default: each becomes a part of the convolution before it. */
  readonly keepBatchNorm?: boolean | undefined;
  /** Whether it returns probabilities; default: logits. */
  readonly probabilities?: boolean | undefined;
  /** Whether weights are float16; default: float32. */
  readonly half?: boolean | undefined;
}

/**
 * The operations of a trained network.
 *
 * @throws UserError (usage) naming a value that float16 cannot hold, or if the images are too small for a layer
 */
export function inferenceGraph(source: GraphSource, options: GraphOptions): InferenceGraph {
  const { architecture, input } = source;
  const traced = traceShapes(resNet(architecture), input);
  return {
    name: `ResNet-${architecture.depth}`,
    input: { shape: input, numbers: options.raw ? 'normalised' : 'bytes' },
    nodes: new GraphBuilder(traced, source, options).nodes,
    output: options.probabilities ? 'probabilities' : 'logits',
    classes: architecture.classes,
    weightType: options.half ? 'float16' : 'float32',
  };
}

/** Collects the nodes of a graph, layer by layer. */
class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly #source: GraphSource;
  readonly #options: GraphOptions;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;

  constructor(traced: readonly TracedLayer[], source: GraphSource, options: GraphOptions) {
    this.#source = source;
    this.#options = options;
    this.#shapes = new Map(parametersOf(traced).map(({ name, shape }) => [name, shape]));
    let x = INPUT_NAME;
    if (!options.raw) x = this.#add('normalise', [x], this.#normalise(), source.input, source.input);
    this.#layers(traced, x);
    if (options.probabilities) {
      const [logits] = this.nodes.slice(-1) as [GraphNode];
      this.#add('probabilities', [logits.name], { kind: 'softmax' }, logits.output, logits.output);
    }
  }

  /** Adds layers that follow one another; returns the name of the last result. */
  #layers(traced: readonly TracedLayer[], x: string): string {
    let value = x;
    for (let index = 0; index < traced.length; index++) {
      const [each, next] = [traced[index] as TracedLayer, traced[index + 1]];
      const isFolded = each.layer.kind === 'convolution' && next?.layer.kind === 'batchNorm';
      if (isFolded && !this.#options.keepBatchNorm) {
        value = this.#add(each.path, [value], this.#convolution(each, next), each.input, each.output);
        index += 1; // this was the batch norm, too
      } else value = this.#layer(each, value);
    }
    return value;
  }

  #layer(traced: TracedLayer, x: string): string {
    const { layer, path, input, output, children } = traced;
    const add = (operation: Operation) => this.#add(path, [x], operation, input, output);
    switch (layer.kind) {
      case 'convolution':
        return add(this.#convolution(traced));
      case 'batchNorm':
        return add({ kind: 'batchNorm', epsilon: BATCH_NORM_EPSILON, ...this.#batchNorm(path) });
      case 'maxPool':
        return add({ kind: 'maxPool', window: layer });
      case 'relu':
      case 'globalAveragePool':
      case 'flatten':
        return add({ kind: layer.kind });
      case 'dense':
        return this.#add(this.#options.probabilities ? path : 'logits', [x], this.#dense(path), input, output);
      case 'sequential':
        return this.#layers(children, x);
      case 'residual': {
        const [main = [], shortcut = []] = pathsOf(traced);
        const both = [this.#layers(main, x), this.#layers(shortcut, x)];
        const sum = this.#add(`${path}.sum`, both, { kind: 'add' }, output, output);
        return this.#add(`${path}.relu`, [sum], { kind: 'relu' }, output, output);
      }
    }
  }

  #add(
    name: string,
    inputs: readonly string[],
    operation: Operation,
    input: GraphNode['input'],
    output: GraphNode['output'],
  ): string {
    this.nodes.push({ name, inputs, operation, input, output });
    return name;
  }

  #normalise(): Operation {
    const { means, stds } = statisticsOf(this.#source.normalisation);
    const each = (of: (mean: number, std: number) => number) => {
      return Float32Array.from({ length: this.#source.input[0] }, (_, channel) => {
        return of(means[channel % means.length] as number, stds[channel % stds.length] as number);
      });
    };
    return { kind: 'normalise', scale: each((_, std) => 1 / (255 * std)), shift: each((mean, std) => -mean / std) };
  }

  /** @param folded the batch norm that becomes a part of it; default: none */
  #convolution({ layer, path }: TracedLayer, folded?: TracedLayer): Operation {
    if (layer.kind !== 'convolution') throw new Error(`${path} is no convolution`);
    const weight = this.#weight(`${path}.weight`, folded === undefined);
    const bias = layer.bias ? this.#weight(`${path}.bias`, folded === undefined) : undefined;
    if (folded === undefined) return { kind: 'convolution', window: layer, weight, bias };
    const norm = this.#batchNorm(folded.path, false);
    const values = foldedBatchNorm(weight.values, bias?.values, norm, BATCH_NORM_EPSILON);
    return {
      kind: 'convolution',
      window: layer,
      weight: this.#stored({ ...weight, values: values.weight }),
      bias: this.#stored({ name: `${path}.bias`, shape: norm.shift.shape, values: values.bias }),
    };
  }

  #batchNorm(path: string, isStored = true): BatchNormValues {
    return {
      scale: this.#weight(`${path}.weight`, isStored),
      shift: this.#weight(`${path}.bias`, isStored),
      mean: this.#weight(`${path}.running_mean`, isStored),
      variance: this.#weight(`${path}.running_var`, isStored),
    };
  }

  /** The head; for probabilities its logits are divided by the temperature, which is a factor of all its numbers. */
  #dense(path: string): Operation {
    const { temperature = 1 } = this.#source;
    const isScaled = this.#options.probabilities && temperature !== 1;
    const of = (name: string) => {
      const weight = this.#weight(name, false);
      return this.#stored(isScaled ? { ...weight, values: weight.values.map((value) => value / temperature) } : weight);
    };
    return { kind: 'dense', weight: of(`${path}.weight`), bias: of(`${path}.bias`) };
  }

  /** @param isStored false for numbers that others are computed from: they are not rounded */
  #weight(name: string, isStored: boolean): Weight {
    const [shape, values] = [this.#shapes.get(name), this.#source.values.get(name)];
    if (!shape || !values) throw new Error(`no value for ${name}`);
    return isStored ? this.#stored({ name, shape, values }) : { name, shape, values };
  }

  /** A weight as the file has it: rounded to float16 where weights are float16. */
  #stored(weight: Weight): Weight {
    if (!this.#options.half) return weight;
    const half = halfOf(weight.values);
    if (half) return { ...weight, values: singleOfHalf(half) };
    const largest = weight.values.reduce((one, other) => (Math.abs(other) > Math.abs(one) ? other : one));
    const problem = `${weight.name} would hold ${largest}, and float16 ends at 65504`;
    throw new UserError(`not exported: ${problem}; leave out --half`, ExitCode.usage);
  }
}
