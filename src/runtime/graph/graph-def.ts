/** Encodes nodes as TensorFlow's GraphDef message (graph.proto, node_def.proto, attr_value.proto, tensor.proto). */
import { encode, type Writer } from './protocol-buffers.ts';

/** Value of a node's attribute; its key is the kind that TensorFlow's op definition declares. */
export type AttributeValue =
  | { readonly type: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly shape: readonly number[] }
  | { readonly tensor: ConstantTensor };

/** A constant in a graph. */
export interface ConstantTensor {
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** The values in row-major order. */
  readonly data: ArrayBufferView;
}

/** One op of a graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Outputs of other nodes, `node` or `node:1`; `^node` for a node that only has to run before this one. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** Version of the ops' semantics: that of TensorFlow 2.21.0 (core/public/version.h). */
const PRODUCER_VERSION = 2474;

/** @returns a serialized GraphDef with these nodes */
export function encodeGraphDef(nodes: readonly GraphNode[]): Uint8Array {
  return encode((writer) => writeGraphDef(nodes, writer));
}

/** Writes the fields of a GraphDef, which may be a part of a larger message. */
export function writeGraphDef(nodes: readonly GraphNode[], writer: Writer): void {
  writer.writeRepeatedMessage(1, nodes, writeNode);
  writer.writeMessage(4, PRODUCER_VERSION, (producer, versions) => versions.writeInt32(1, producer));
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

/** Writes the fields of a TensorShapeProto; a side of −1 is unknown. */
export function writeShape(shape: readonly number[], writer: Writer): void {
  writer.writeRepeatedMessage(2, shape, (size, dimension) => dimension.writeInt64(1, size));
}
