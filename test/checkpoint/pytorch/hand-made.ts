/** Files of PyTorch made by hand, for what no writer would write. */
import { crc32 } from 'node:zlib';

/** A tensor of float32 in a storage. */
interface HandMadeTensor {
  readonly key?: string;
  /** Values of the storage. */
  readonly count: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const text = (value: string) => Buffer.concat([Buffer.from('X'), int32(value.length), Buffer.from(value)]);
const int = (value: number) => Buffer.concat([Buffer.from('J'), int32(value)]);
const tuple = (values: readonly number[]) => Buffer.concat([Buffer.from('('), ...values.map(int), Buffer.from('t')]);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** The pickle of a state dict. */
export function stateDict(tensors: Readonly<Record<string, HandMadeTensor>>, form: 'zip' | 'stream'): Buffer {
  const items = Object.entries(tensors).flatMap(([name, { key = '0', count, offset = 0, shape, strides }]) => [
    ...[text(name), Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n(('), text('storage')],
    ...[Buffer.from('ctorch\nFloatStorage\n'), text(key), text('cpu'), int(count)],
    ...[Buffer.from(form === 'zip' ? 'tQ' : 'NtQ'), int(offset), tuple(shape), tuple(strides)],
    Buffer.from('\x89}tR', 'latin1'),
  ]);
  return Buffer.concat([Buffer.from('\x80\x02}(', 'latin1'), ...items, Buffer.from('u.')]);
}

/** The pickles of a file of the stream form, up to the first storage's values. */
export function streamHead(saved: Buffer, keys: readonly string[], firstCount: number): Buffer {
  return Buffer.concat([
    Buffer.from('80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e', 'hex'),
    saved,
    ...[Buffer.from('\x80\x02](', 'latin1'), ...keys.map(text), Buffer.from('e.'), uint64(firstCount)],
  ]);
}

/** A zip file of stored entries; two may have the same name. */
export function zipFile(entries: readonly (readonly [string, Buffer | string])[], flags = 0): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let position = 0;
  for (const [name, content] of entries) {
    const bytes = Buffer.from(content);
    const head = Buffer.alloc(30);
    head.write('PK\x03\x04');
    head.writeUInt16LE(name.length, 26);
    files.push(head, Buffer.from(name), bytes);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02');
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt32LE(crc32(bytes), 16);
    const sizeInFile = bytes.length + (flags & 1 ? 12 : 0); // an encrypted entry has 12 bytes more
    entry.writeUInt32LE(sizeInFile, 20);
    entry.writeUInt32LE(bytes.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(position, 42);
    list.push(entry, Buffer.from(name));
    position += head.length + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...files, ...list, end]);
}
