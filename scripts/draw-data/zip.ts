/** Makes zip files whose entries are stored as they are, of less than 4 GB (APPNOTE.TXT of PKWARE, 4.3). */
import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const LIST_HEADER = 0x02014b50;
const END_OF_LIST = 0x06054b50;

/** Version 2.0 of the format; no flags; stored; the earliest date that a zip can say, so that the same files give the same zip. */
const COMMON = Buffer.from([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);

/** A zip of these entries, in this order. */
export function storedZip(entries: readonly (readonly [name: string, bytes: Uint8Array])[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let end = 0;
  for (const [name, bytes] of entries) {
    const sizes = Buffer.concat([number(crc32(bytes), 4), number(bytes.length, 4), number(bytes.length, 4)]);
    const path = Buffer.from(name);
    const rest = [COMMON, sizes, number(path.length, 2), number(0, 2)]; // no extra field
    const head = Buffer.concat([number(LOCAL_HEADER, 4), ...rest, path]);
    // no comment, first disk, no attributes
    list.push(Buffer.concat([number(LIST_HEADER, 4), number(20, 2), ...rest, Buffer.alloc(10), number(end, 4), path]));
    parts.push(head, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    end += head.length + bytes.length;
  }
  const listed = Buffer.concat(list);
  const counts = [number(entries.length, 2), number(entries.length, 2), number(listed.length, 4), number(end, 4)];
  return Buffer.concat([...parts, listed, number(END_OF_LIST, 4), Buffer.alloc(4), ...counts, number(0, 2)]);
}

/** A number in little-endian bytes. */
function number(value: number, bytes: 2 | 4): Buffer {
  const written = Buffer.alloc(bytes);
  written.writeUIntLE(value, 0, bytes);
  return written;
}
