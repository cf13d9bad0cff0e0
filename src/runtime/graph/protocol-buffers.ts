/**
 * Reads and writes protocol buffers with google-protobuf's low-level reader and writer. TensorFlow.js loads that
 * package anyway, so it takes 0.1 ms here (protobufjs takes 45 ms, a tenth of the program's start), and it writes bytes
 * without base64. The classes that TensorFlow.js has generated lack ConfigProto, RunOptions, RunMetadata and
 * KernelList.
 */
import { createRequire } from 'node:module';

/** The methods of google-protobuf's BinaryWriter that are used. An empty repeated field is not written. */
export interface Writer {
  writeBool(field: number, value: boolean): void;
  writeBytes(field: number, value: Uint8Array): void;
  writeEnum(field: number, value: number): void;
  writeFloat(field: number, value: number): void;
  writeInt32(field: number, value: number): void;
  writeInt64(field: number, value: number): void;
  writeString(field: number, value: string): void;
  writeMessage<T>(field: number, value: T, write: (value: T, writer: Writer) => void): void;
  writeRepeatedString(field: number, values: readonly string[]): void;
  writeRepeatedMessage<T>(field: number, values: readonly T[], write: (value: T, writer: Writer) => void): void;
  writePackedInt64(field: number, values: readonly number[]): void;
  getResultBuffer(): Uint8Array;
}

/** The methods of google-protobuf's BinaryReader that are used. */
interface Reader {
  nextField(): boolean;
  getFieldNumber(): number;
  skipField(): void;
  readInt64(): number;
  readPackedEnum(): number[];
  readString(): string;
  readMessage<T>(message: T, read: (message: T, reader: Reader) => void): void;
}

interface GoogleProtobuf {
  readonly BinaryReader: new (bytes: Uint8Array) => Reader;
  readonly BinaryWriter: new () => Writer;
}

const { BinaryReader, BinaryWriter }: GoogleProtobuf = createRequire(import.meta.url)('google-protobuf');

/** @returns the serialized message that `write` writes; fields may be written in any order */
export function encode(write: (writer: Writer) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.getResultBuffer();
}

/** How a field of a message is read. */
export interface Field<T> {
  /** The field's number in the message. */
  readonly number: number;
  /** Value of the field if the message does not contain it. */
  absent(): T;
  /** Reads one occurrence of the field; `before` is the value of the earlier occurrences. */
  read(reader: Reader, before: T): T;
}

/** The fields of a message to read, by name. */
type Schema = Readonly<Record<string, Field<unknown>>>;
/** The values of a message's fields, by name. */
type Decoded<S extends Schema> = { readonly [K in keyof S]: ReturnType<S[K]['absent']> };

/** A string field. */
export const string = (number: number): Field<string> => ({
  number,
  absent: () => '',
  read: (reader) => reader.readString(),
});

/** A 64-bit integer field; values are exact up to 2⁵³. */
export const int64 = (number: number): Field<number> => ({
  number,
  absent: () => 0,
  read: (reader) => reader.readInt64(),
});

/** A repeated enum field in proto3's packed form. */
export const packedEnum = (number: number): Field<readonly number[]> => ({
  number,
  absent: () => [],
  read: (reader, before) => [...before, ...reader.readPackedEnum()],
});

/** A message field. If it is absent, all its fields are absent. */
export const message = <S extends Schema>(number: number, schema: S): Field<Decoded<S>> => ({
  number,
  absent: () => absent(schema),
  read: (reader) => readMessage(reader, schema),
});

/** A repeated string field. */
export const strings = (number: number): Field<string[]> => ({
  number,
  absent: () => [],
  read: (reader, before) => push(before, reader.readString()),
});

/** A repeated message field. */
export const messages = <S extends Schema>(number: number, schema: S): Field<Decoded<S>[]> => ({
  number,
  absent: () => [],
  read: (reader, before) => push(before, readMessage(reader, schema)),
});

/**
 * Decodes a serialized message; fields that the schema does not name are skipped.
 *
 * @throws Error if the bytes are not a protocol buffer
 */
export function decode<S extends Schema>(bytes: Uint8Array, schema: S): Decoded<S> {
  return readFields(new BinaryReader(new Uint8Array(bytes)), schema); // the reader accepts a Uint8Array, but no Buffer
}

function readFields<S extends Schema>(reader: Reader, schema: S): Decoded<S> {
  const fields = new Map(Object.entries(schema).map(([name, field]) => [field.number, { name, field }]));
  const values: Record<string, unknown> = absent(schema);
  while (reader.nextField()) {
    const known = fields.get(reader.getFieldNumber());
    if (known) values[known.name] = known.field.read(reader, values[known.name]);
    else reader.skipField();
  }
  return values as Decoded<S>;
}

function readMessage<S extends Schema>(reader: Reader, schema: S): Decoded<S> {
  let read = absent(schema);
  reader.readMessage(undefined, () => {
    read = readFields(reader, schema);
  });
  return read;
}

/** The values of a message without any field. */
function absent<S extends Schema>(schema: S): Decoded<S> {
  return Object.fromEntries(Object.entries(schema).map(([name, field]) => [name, field.absent()])) as Decoded<S>;
}

function push<T>(array: T[], value: T): T[] {
  array.push(value);
  return array;
}
