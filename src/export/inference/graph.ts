/**
 * A trained network as the list of operations that answers for images. It is made from the one definition of the network;
 * the writer of each format spells the operations in the format's words.
 */
import type { FeatureShape } from '../../net/trace.ts';
import type { Window } from '../../runtime/convolution/window-geometry.ts';

/** Trained numbers, in PyTorch's layout. */
export interface Weight {
  /** As PyTorch names it: `resnet_block1.residual_0.conv1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Numbers that float16 can hold, where the graph's weights are float16. */
  readonly values: Float32Array;
}

/** An operation, with its numbers. Maps have no layout here: their shapes are [channels, height, width]. */
export type Operation =
  /** x · scale + shift of each channel of a byte from 0 to 255: see dataset/normalisation.ts. */
  | { readonly kind: 'normalise'; readonly scale: Float32Array; readonly shift: Float32Array }
  /** Weight [out, in, kernel, kernel], bias [out]. */
  | {
      readonly kind: 'convolution';
      readonly window: Window;
      readonly weight: Weight;
      readonly bias: Weight | undefined;
    }
  /** (x − mean) / √(variance + epsilon) · scale + shift of each channel; all are [channels]. */
  | {
      readonly kind: 'batchNorm';
      readonly epsilon: number;
      readonly scale: Weight;
      readonly shift: Weight;
      readonly mean: Weight;
      readonly variance: Weight;
    }
  | { readonly kind: 'relu' }
  /** Padding never wins, and no padding ever meets a negative number: every pool follows a ReLU. */
  | { readonly kind: 'maxPool'; readonly window: Window }
  /** Sum of the node's two inputs. */
  | { readonly kind: 'add' }
  /** [channels, height, width] → [channels, 1, 1]. */
  | { readonly kind: 'globalAveragePool' }
  /** [channels, 1, 1] → [channels]. */
  | { readonly kind: 'flatten' }
  /** Weight [out, in], bias [out]. */
  | { readonly kind: 'dense'; readonly weight: Weight; readonly bias: Weight }
  | { readonly kind: 'softmax' };

/** An operation of a kind. */
export type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>;

/** One operation of a graph. */
export interface GraphNode {
  /** Unique in the graph: the layer's path, of the output what it is. */
  readonly name: string;
  /** Names of the nodes before, or of the graph's input. */
  readonly inputs: readonly string[];
  readonly operation: Operation;
  /** Shape of the first input, without the batch. */
  readonly input: FeatureShape;
  /** Shape of the result, without the batch. */
  readonly output: FeatureShape;
}

/** Name of the input of every exported network. */
export const INPUT_NAME = 'image';

/** What an exported network takes. */
export interface NetworkInput {
  readonly shape: readonly [channels: number, height: number, width: number];
  /** `bytes`: numbers from 0 to 255; `normalised`: what training has made of them. */
  readonly numbers: 'bytes' | 'normalised';
}

/** What an exported network returns. */
export type OutputName = 'logits' | 'probabilities';

/** A network that answers for images. */
export interface InferenceGraph {
  /** Such as `ResNet-18`. */
  readonly name: string;
  /** What the network takes, under the name INPUT_NAME. */
  readonly input: NetworkInput;
  /** In an order in which they can be computed. The last one, called after `output`, is the result: [classes]. */
  readonly nodes: readonly GraphNode[];
  readonly output: OutputName;
  readonly classes: number;
  /** Type in which weights are stored; all is computed in float32. */
  readonly weightType: 'float32' | 'float16';
}
