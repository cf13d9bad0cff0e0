/** Whole safetensors files, right or wrong, written and read at once. */
import { writeFileSync } from 'node:fs';
import { Checksum } from '../../src/checkpoint/checksum.ts';
import { withFile } from '../../src/checkpoint/file-reading.ts';
import { type CheckpointMetadata, encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { encodeSafetensors, scanSafetensors } from '../../src/checkpoint/safetensors.ts';
import type { ScanVisitor } from '../../src/checkpoint/scan.ts';
import { type Tensor, tensorOf } from '../../src/checkpoint/tensor.ts';

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
  const visitor: ScanVisitor = {
    outline: (outline) => {
      metadata = outline.metadata;
    },
    tensor: (name, entry, bytes) => tensors.set(name, tensorOf(entry, bytes, `${path}: tensor ${name}`)),
  };
  await withFile(path, (file) => scanSafetensors(file, visitor));
  return { tensors, metadata };
}
