/** Writing TensorFlow's GraphDef message from nodes, with the message classes that the package brings along. */
import { createRequire } from 'node:module';

/** Value of a node's attribute, by the kind that TensorFlow's op definition declares. */
export type AttributeValue =
  | { readonly type: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly shape: readonly number[] }
  | { readonly tensor: { readonly dtype: number; readonly shape: readonly number[]; readonly data: ArrayBufferView } };

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1`, or `^node` for one that must only have run before. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** Version of the graph's op semantics: that of TensorFlow 2.21 (core/public/version.h). */
const PRODUCER = 2474;

/** The generated classes of google-protobuf, which have no types. */
// biome-ignore lint/suspicious/noExplicitAny: generated code without declarations, kept inside this file
type Messages = any;

let messages: Messages;

/** @returns a serialised GraphDef */
export function encodeGraphDef(nodes: readonly GraphNode[]): Uint8Array {
  messages ??= createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js');
  const graph = new messages.GraphDef();
  for (const { name, op, inputs, attributes } of nodes) {
    const node = new messages.NodeDef();
    node.setName(name);
    node.setOp(op);
    node.setInputList([...inputs]);
    for (const [key, value] of Object.entries(attributes)) node.getAttrMap().set(key, encodeAttribute(value));
    graph.addNode(node);
  }
  const version = new messages.VersionDef();
  version.setProducer(PRODUCER);
  graph.setVersions(version);
  return graph.serializeBinary();
}

function encodeAttribute(value: AttributeValue): Messages {
  const message = new messages.AttrValue();
  if ('type' in value) message.setType(value.type);
  else if ('int' in value) message.setI(value.int);
  else if ('float' in value) message.setF(value.float);
  else if ('bool' in value) message.setB(value.bool);
  else if ('text' in value) message.setS(new Uint8Array(Buffer.from(value.text)));
  else if ('shape' in value) message.setShape(encodeShape(value.shape));
  else if ('ints' in value) {
    const list = new messages.AttrValue.ListValue();
    list.setIList([...value.ints]);
    message.setList(list);
  } else {
    const { dtype, shape, data } = value.tensor;
    const tensor = new messages.Tensor();
    tensor.setDtype(dtype);
    tensor.setTensorShape(encodeShape(shape));
    tensor.setTensorContent(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    message.setTensor(tensor);
  }
  return message;
}

function encodeShape(shape: readonly number[]): Messages {
  const message = new messages.TensorShape();
  for (const size of shape) {
    const dimension = new messages.TensorShape.Dim();
    dimension.setSize(size);
    message.addDim(dimension);
  }
  return message;
}
