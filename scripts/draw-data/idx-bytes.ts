/** Makes IDX files, for tests invalid ones too. */

/** @returns an IDX file with this header and these values, whether or not they fit together */
export function idxBytes(dimensions: readonly number[], values: Iterable<number>, type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = type;
  header[3] = dimensions.length;
  dimensions.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, Buffer.from([...values])]);
}
