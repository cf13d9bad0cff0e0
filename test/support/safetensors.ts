/** Whole safetensors files, right or wrong, written and read at once. */
import { writeFileSync } from 'node:fs';
import { Checksum } from '../../src/checkpoint/checksum.ts';
import { type CheckpointMetadata, encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { encodeSafetensors, scanSafetensors, type Tensor, tensorOf } from '../../src/checkpoint/safetensors.ts';

/** The bytes of a file with these tensors and texts. */
export function bytesOf(tensors: ReadonlyMap<string, Tensor>, metadata: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([...encodeSafetensors(tensors, metadata)]);
}

/** Writes such a file, as another tool would: with no checksum but that in `metadata`. */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  writeFileSync(path, bytesOf(tensors, metadata));
}

/** Writes a checkpoint with its right checksum, and metadata that may be faulty: it is not read back. */
export function writeCheckpoint(path: string, tensors: ReadonlyMap<string, Tensor>, metadata: object): void {
  const bytes = bytesOf(tensors, encodeMetadata(metadata as CheckpointMetadata));
  const headerBytes = 8 + Number(bytes.readBigUInt64LE());
  const checksum = Checksum.of(bytes.subarray(0, headerBytes));
  if (!checksum) throw new Error('the header has no place for the checksum');
  checksum.update(bytes.subarray(headerBytes));
  bytes.write(checksum.digest(), checksum.position);
  writeFileSync(path, bytes);
}

/** All that is in a file. */
export async function readSafetensors(
  path: string,
): Promise<{ tensors: Map<string, Tensor>; metadata: ReadonlyMap<string, string> }> {
  const tensors = new Map<string, Tensor>();
  let metadata: ReadonlyMap<string, string> = new Map();
  await scanSafetensors(path, {
    header: (header) => {
      metadata = header.metadata;
    },
    tensor: (name, entry, bytes) => tensors.set(name, tensorOf(entry, bytes)),
  });
  return { tensors, metadata };
}
