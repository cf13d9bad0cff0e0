/** The shape trace: input and output shape of every layer, for one input size. */
import { ExitCode, UserError } from '../errors.ts';
import { windowOutputs } from '../runtime/convolution/window-geometry.ts';
import type { Layer, Sequential } from './layers.ts';

/** Shape of one image's features, without the batch: [channels, height, width] or [features]. */
export type FeatureShape = readonly number[];

/** A layer with its shapes. */
export interface TracedLayer {
  readonly layer: Layer;
  /** Address of the layer: the names of the layers around it and its own, joined by dots, as in a `state_dict`. */
  readonly path: string;
  readonly input: FeatureShape;
  readonly output: FeatureShape;
  /** Layers inside a `sequential` or `residual` (the main path, then the shortcut); otherwise empty. */
  readonly children: readonly TracedLayer[];
}

/**
 * Traces an input through the network.
 *
 * @param input [channels, height, width], each ≥ 1
 * @returns the traced top-level layers, in order
 * @throws UserError (usage) if the input is no such shape, or too small for a layer, naming the layer and the shape
 */
export function traceShapes(network: Sequential, input: FeatureShape): readonly TracedLayer[] {
  if (input.length !== 3 || !input.every((side) => Number.isSafeInteger(side) && side >= 1)) {
    throw new UserError(
      `input shape must be three whole numbers of at least 1 (channels × height × width), got ${describe(input)}`,
      ExitCode.usage,
    );
  }
  return traceLayers(network.layers, '', input);
}

/** All layers of a trace without layers inside, in the trace's order. */
export function leaves(traced: readonly TracedLayer[]): TracedLayer[] {
  return traced.flatMap((layer) => (layer.children.length > 0 ? leaves(layer.children) : [layer]));
}

/** Paths through a layer; each begins with the layer's input. */
export function pathsOf({ layer, children }: TracedLayer): (readonly TracedLayer[])[] {
  if (layer.kind !== 'residual') return [children];
  return [children.slice(0, layer.main.length), children.slice(layer.main.length)];
}

function traceLayers(layers: readonly Layer[], parent: string, input: FeatureShape): TracedLayer[] {
  let shape = input;
  return layers.map((layer) => {
    const traced = traceLayer(layer, parent, shape);
    shape = traced.output;
    return traced;
  });
}

function traceLayer(layer: Layer, parent: string, input: FeatureShape): TracedLayer {
  const path = parent ? `${parent}.${layer.name}` : layer.name;
  const leaf = (output: FeatureShape): TracedLayer => ({ layer, path, input, output, children: [] });
  switch (layer.kind) {
    case 'convolution':
    case 'maxPool': {
      const [channels, height, width] = imageShape(layer, path, input);
      const output = [windowOutputs(height, layer), windowOutputs(width, layer)];
      if (output.some((side) => side < 1)) throw misfit(path, `a map of at least ${layer.kernel} pixels a side`, input);
      return leaf([layer.kind === 'convolution' ? layer.outChannels : channels, ...output]);
    }
    case 'batchNorm':
      return leaf(imageShape(layer, path, input));
    case 'relu':
      return leaf(input);
    case 'globalAveragePool':
      return leaf([imageShape(layer, path, input)[0], 1, 1]);
    case 'flatten':
      return leaf([input.reduce((product, side) => product * side, 1)]);
    case 'dense':
      if (input.length !== 1) throw misfit(path, 'one dimension of features', input);
      return leaf([layer.outFeatures]);
    case 'sequential': {
      const children = traceLayers(layer.layers, path, input);
      return { layer, path, input, output: children.at(-1)?.output ?? input, children };
    }
    case 'residual': {
      const main = traceLayers(layer.main, path, input);
      const shortcut = traceLayers(layer.shortcut, path, input);
      const output = main.at(-1)?.output ?? input;
      const added = shortcut.at(-1)?.output ?? input;
      if (describe(output) !== describe(added)) throw misfit(path, `a shortcut of shape ${describe(output)}`, added);
      return { layer, path, input, output, children: [...main, ...shortcut] };
    }
  }
}

function imageShape(layer: Layer, path: string, input: FeatureShape): readonly [number, number, number] {
  const [channels, height, width] = input;
  if (input.length !== 3 || channels === undefined || height === undefined || width === undefined) {
    throw misfit(path, `channels × height × width for its ${layer.kind}`, input);
  }
  return [channels, height, width];
}

function misfit(path: string, wanted: string, got: FeatureShape): UserError {
  return new UserError(`layer ${path} needs ${wanted}, got shape ${describe(got)}`, ExitCode.usage);
}

function describe(shape: FeatureShape): string {
  return `[${shape.join(', ')}]`;
}
