/** Writing TensorFlow's GraphDef message from nodes (graph.proto, node_def.proto, attr_value.proto, tensor.proto). */
import { encode, type Writer } from './protocol-buffers.ts';

/** Value of a node's attribute, by the kind that TensorFlow's op definition declares. */
export type AttributeValue =
  | { readonly type: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly shape: readonly number[] }
  | { readonly tensor: ConstantTensor };

/** A tensor in a graph; `dtype` is TensorFlow's number. */
export interface ConstantTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1`, or `^node` for one that must only have run before. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** Version of the graph's op semantics: that of TensorFlow 2.21.0 (core/public/version.h). */
const PRODUCER = 2474;

/** @returns a serialised GraphDef */
export function encodeGraphDef(nodes: readonly GraphNode[]): Uint8Array {
  return encode((writer) => {
    writer.writeRepeatedMessage(1, nodes, writeNode);
    writer.writeMessage(4, PRODUCER, (producer, versions) => versions.writeInt32(1, producer));
  });
}

function writeNode({ name, op, inputs, attributes }: GraphNode, writer: Writer): void {
  writer.writeString(1, name);
  writer.writeString(2, op);
  writer.writeRepeatedString(3, inputs);
  writer.writeRepeatedMessage(5, Object.entries(attributes), ([key, value], entry) => {
    entry.writeString(1, key);
    entry.writeMessage(2, value, writeAttribute);
  });
}

function writeAttribute(value: AttributeValue, writer: Writer): void {
  if ('type' in value) writer.writeEnum(6, value.type);
  else if ('int' in value) writer.writeInt64(3, value.int);
  else if ('ints' in value) writer.writeMessage(1, value.ints, (ints, list) => list.writePackedInt64(3, ints));
  else if ('float' in value) writer.writeFloat(4, value.float);
  else if ('bool' in value) writer.writeBool(5, value.bool);
  else if ('text' in value) writer.writeBytes(2, new Uint8Array(Buffer.from(value.text)));
  else if ('shape' in value) writer.writeMessage(7, value.shape, writeShape);
  else writer.writeMessage(8, value.tensor, writeTensor);
}

function writeTensor({ dtype, shape, data }: ConstantTensor, writer: Writer): void {
  writer.writeEnum(1, dtype);
  writer.writeMessage(2, shape, writeShape);
  writer.writeBytes(4, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeShape(shape: readonly number[], writer: Writer): void {
  writer.writeRepeatedMessage(2, shape, (size, dimension) => dimension.writeInt64(1, size));
}
