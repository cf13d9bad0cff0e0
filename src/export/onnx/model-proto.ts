/**
 * Encodes a model as ONNX's ModelProto message (onnx.proto). The numbers of fields and of types are that file's.
 *
 * A file is stamped with the oldest versions that have all that it needs: what a reader does not know yet, it refuses.
 * The newest ONNX Runtime of npm (1.30) refuses what the newest `onnx` package of Python stamps.
 */
import { encode, type Writer } from '../../runtime/graph/protocol-buffers.ts';

/** Version of the file format. */
const IR_VERSION = 8;

/** Version of the operations' semantics. */
const OPSET = 17;

/** Types of numbers (TensorProto.DataType). */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, float16: 10 } as const;

/** Types of attributes (AttributeProto.AttributeType). */
const ATTRIBUTE_TYPES = { float: 1, int: 2, ints: 7 } as const;

/** Value of an operation's attribute. */
export type AttributeProto =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] };

/** One operation; its one result has the node's name. */
export interface NodeProto {
  readonly name: string;
  /** Name of the operation in ONNX: `Conv`. */
  readonly operation: string;
  /** Names of results of nodes before, of initializers, or of the graph's input. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeProto>>;
}

/** A constant: an initializer of the graph. */
export interface TensorProto {
  readonly name: string;
  readonly type: keyof typeof ELEMENT_TYPES;
  readonly shape: readonly number[];
  /** The values in row-major order, little-endian. */
  readonly data: ArrayBufferView;
}

/** An input or output of the graph. */
export interface ValueInfoProto {
  readonly name: string;
  readonly type: keyof typeof ELEMENT_TYPES;
  /** A text is the name of a size that is known only when the model runs. */
  readonly shape: readonly (number | string)[];
}

/** A model. */
export interface ModelProto {
  readonly name: string;
  readonly producer: { readonly name: string; readonly version: string };
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly input: ValueInfoProto;
  readonly output: ValueInfoProto;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @returns a serialized ModelProto; the constants' bytes are copied once, into it */
export function encodeModel(model: ModelProto): Uint8Array {
  const { producer, metadata } = model;
  return encode((writer) => {
    writer.writeInt64(1, IR_VERSION);
    writer.writeString(2, producer.name);
    writer.writeString(3, producer.version);
    writer.writeMessage(7, model, writeGraph);
    writer.writeMessage(8, OPSET, (version, opset) => opset.writeInt64(2, version)); // without a domain: ONNX's own
    writer.writeRepeatedMessage(14, Object.entries(metadata), ([key, value], entry) => {
      entry.writeString(1, key);
      entry.writeString(2, value);
    });
  });
}

function writeGraph({ name, nodes, initializers, input, output }: ModelProto, writer: Writer): void {
  writer.writeRepeatedMessage(1, nodes, writeNode);
  writer.writeString(2, name);
  writer.writeRepeatedMessage(5, initializers, writeTensor);
  writer.writeMessage(11, input, writeValueInfo);
  writer.writeMessage(12, output, writeValueInfo);
}

function writeNode({ name, operation, inputs, attributes }: NodeProto, writer: Writer): void {
  writer.writeRepeatedString(1, inputs);
  writer.writeRepeatedString(2, [name]);
  writer.writeString(3, name);
  writer.writeString(4, operation);
  writer.writeRepeatedMessage(5, Object.entries(attributes), ([key, value], attribute) => {
    attribute.writeString(1, key);
    writeAttribute(value, attribute);
  });
}

function writeAttribute(value: AttributeProto, writer: Writer): void {
  if ('float' in value) {
    writer.writeFloat(2, value.float);
    writer.writeEnum(20, ATTRIBUTE_TYPES.float);
  } else if ('int' in value) {
    writer.writeInt64(3, value.int);
    writer.writeEnum(20, ATTRIBUTE_TYPES.int);
  } else {
    writer.writePackedInt64(8, value.ints);
    writer.writeEnum(20, ATTRIBUTE_TYPES.ints);
  }
}

function writeTensor({ name, type, shape, data }: TensorProto, writer: Writer): void {
  writer.writePackedInt64(1, shape);
  writer.writeInt32(2, ELEMENT_TYPES[type]);
  writer.writeString(8, name);
  writer.writeBytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)); // raw_data
}

function writeValueInfo({ name, type, shape }: ValueInfoProto, writer: Writer): void {
  writer.writeString(1, name);
  writer.writeMessage(2, shape, (_, typeProto) => {
    typeProto.writeMessage(1, shape, (sizes, tensorType) => {
      tensorType.writeInt32(1, ELEMENT_TYPES[type]);
      tensorType.writeMessage(2, sizes, (each, tensorShape) =>
        tensorShape.writeRepeatedMessage(1, each, writeDimension),
      );
    });
  });
}

function writeDimension(size: number | string, writer: Writer): void {
  if (typeof size === 'number') writer.writeInt64(1, size);
  else writer.writeString(2, size);
}
