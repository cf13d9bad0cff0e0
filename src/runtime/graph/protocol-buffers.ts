/**
 * Reading and writing protocol buffers with google-protobuf's bare reader and writer. TensorFlow.js loads that package
 * anyway, so it takes 0.1 ms here (protobufjs: 45 ms, a tenth of the whole start), and it writes bytes without base64.
 * Its generated classes that TensorFlow.js ships know neither ConfigProto, RunOptions, RunMetadata nor KernelList.
 */
import { createRequire } from 'node:module';

/** What is used of google-protobuf's BinaryWriter; the number is the field's. A repeated field is left out if empty. */
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

/** What is used of google-protobuf's BinaryReader. */
export interface Reader {
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

/** @returns the message that `write` writes, whose fields may come in any order */
export function encode(write: (writer: Writer) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.getResultBuffer();
}

/** A field to read: its number, its value where it is absent, and what reading it once makes of the value before. */
export interface Field<T> {
  readonly number: number;
  absent(): T;
  read(reader: Reader, before: T): T;
}

type Schema = Readonly<Record<string, Field<unknown>>>;
type Decoded<S extends Schema> = { readonly [K in keyof S]: ReturnType<S[K]['absent']> };

export const string = (number: number): Field<string> => ({
  number,
  absent: () => '',
  read: (reader) => reader.readString(),
});

/** Exact up to 2⁵³. */
export const int64 = (number: number): Field<number> => ({
  number,
  absent: () => 0,
  read: (reader) => reader.readInt64(),
});

/** A repeated enum in proto3's packed form. */
export const packedEnum = (number: number): Field<readonly number[]> => ({
  number,
  absent: () => [],
  read: (reader, before) => [...before, ...reader.readPackedEnum()],
});

/** A message, all of whose fields are absent where it is. */
export const message = <S extends Schema>(number: number, schema: S): Field<Decoded<S>> => ({
  number,
  absent: () => absent(schema),
  read: (reader) => readMessage(reader, schema),
});

export const strings = (number: number): Field<string[]> => ({
  number,
  absent: () => [],
  read: (reader, before) => push(before, reader.readString()),
});

export const messages = <S extends Schema>(number: number, schema: S): Field<Decoded<S>[]> => ({
  number,
  absent: () => [],
  read: (reader, before) => push(before, readMessage(reader, schema)),
});

/**
 * Reads a message; fields that the schema does not name are passed over.
 *
 * @throws Error where the bytes are no protocol buffer
 */
export function decode<S extends Schema>(bytes: Uint8Array, schema: S): Decoded<S> {
  return readFields(new BinaryReader(new Uint8Array(bytes)), schema); // it knows Uint8Array itself only, no Buffer
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

function absent<S extends Schema>(schema: S): Decoded<S> {
  return Object.fromEntries(Object.entries(schema).map(([name, field]) => [name, field.absent()])) as Decoded<S>;
}

function push<T>(array: T[], value: T): T[] {
  array.push(value);
  return array;
}
