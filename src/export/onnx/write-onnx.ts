/** Spells a network's operations in ONNX's words (https://onnx.ai/onnx/operators). */
import type { Window } from '../../runtime/convolution/window-geometry.ts';
import { toolVersion } from '../../version.ts';
import { type GraphNode, INPUT_NAME, type InferenceGraph, type OperationOf, type Weight } from '../inference/graph.ts';
import { halfBits } from '../inference/half-bits.ts';
import type { ModelFacts } from '../network-format.ts';
import { type AttributeProto, ELEMENT_TYPES, encodeModel, type NodeProto, type TensorProto } from './model-proto.ts';

/** Name of the first size of input and output: a model takes any number of images. */
const BATCH = 'batch';

/** The bytes of a network's file. */
export function onnxModel(graph: InferenceGraph, facts: ModelFacts): Uint8Array {
  const { nodes, initializers } = new Spelling(graph);
  const { name, input, output, classes } = graph;
  return encodeModel({
    name,
    producer: { name: 'resnet', version: toolVersion() },
    nodes,
    initializers,
    input: { name: INPUT_NAME, type: input.numbers === 'bytes' ? 'uint8' : 'float32', shape: [BATCH, ...input.shape] },
    output: { name: output, type: 'float32', shape: [BATCH, classes] },
    metadata: facts,
  });
}

/** Collects the nodes and the constants of a graph. */
class Spelling {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #weightType: InferenceGraph['weightType'];

  constructor({ nodes, weightType }: InferenceGraph) {
    this.#weightType = weightType;
    for (const node of nodes) this.#spell(node);
  }

  /** Adds the nodes of an operation; returns the name of its result. */
  #spell({ name, inputs, operation }: GraphNode): string {
    const node = (kind: string, attributes?: NodeProto['attributes'], weights: readonly string[] = []) => {
      return this.#node(name, kind, [...inputs, ...weights], attributes);
    };
    switch (operation.kind) {
      case 'normalise':
        return this.#normalise(name, inputs, operation);
      case 'convolution':
        return node('Conv', windowAttributes(operation.window), this.#weights(operation.weight, operation.bias));
      case 'batchNorm': {
        const { epsilon, scale, shift, mean, variance } = operation;
        return node('BatchNormalization', { epsilon: { float: epsilon } }, this.#weights(scale, shift, mean, variance));
      }
      case 'relu':
        return node('Relu');
      case 'maxPool':
        return node('MaxPool', windowAttributes(operation.window));
      case 'add':
        return node('Add');
      case 'globalAveragePool':
        return node('GlobalAveragePool');
      case 'flatten':
        return node('Flatten', { axis: { int: 1 } });
      case 'dense':
        return node('Gemm', { transB: { int: 1 } }, this.#weights(operation.weight, operation.bias));
      case 'softmax':
        return node('Softmax', { axis: { int: 1 } });
    }
  }

  #normalise(name: string, inputs: readonly string[], { scale, shift }: OperationOf<'normalise'>): string {
    const singles = this.#node(`${name}.singles`, 'Cast', inputs, TO_FLOAT32);
    const scaled = this.#node(`${name}.scaled`, 'Mul', [singles, this.#perChannel(`${name}.scale`, scale)]);
    return this.#node(name, 'Add', [scaled, this.#perChannel(`${name}.shift`, shift)]);
  }

  #node(name: string, operation: string, inputs: readonly string[], attributes: NodeProto['attributes'] = {}): string {
    this.nodes.push({ name, operation, inputs, attributes });
    return name;
  }

  /** Adds weights as constants; returns the names of their values in float32. */
  #weights(...weights: readonly (Weight | undefined)[]): string[] {
    return weights.filter((weight) => weight !== undefined).map((weight) => this.#weight(weight));
  }

  #weight(weight: Weight): string {
    const { name, shape, values } = weight;
    if (this.#weightType === 'float32') return this.#initializer({ name, type: 'float32', shape, data: values });
    // Few runtimes compute in float16 on a CPU; all of them cast, most of them once, when they load the model.
    const half = this.#initializer({ name, type: 'float16', shape, data: halfBits(weight) });
    return this.#node(`${name}.single`, 'Cast', [half], TO_FLOAT32);
  }

  /** Adds numbers of the channels, in a shape that meets maps [batch, channels, height, width]. */
  #perChannel(name: string, values: Float32Array): string {
    return this.#initializer({ name, type: 'float32', shape: [values.length, 1, 1], data: values });
  }

  #initializer(tensor: TensorProto): string {
    this.initializers.push(tensor);
    return tensor.name;
  }
}

const TO_FLOAT32 = { to: { int: ELEMENT_TYPES.float32 } } as const;

/** Attributes of a window that slides over rows and columns. */
function windowAttributes({ kernel, stride, padding }: Window): Readonly<Record<string, AttributeProto>> {
  return {
    kernel_shape: { ints: [kernel, kernel] },
    pads: { ints: [padding, padding, padding, padding] }, // above, left, below, right
    strides: { ints: [stride, stride] },
  };
}
