/** What the reader of PyTorch's files tells of a file. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withFile } from '../../../src/checkpoint/file-reading.ts';
import { LIMITS, type Limits } from '../../../src/checkpoint/pytorch/limits.ts';
import { scanPyTorch } from '../../../src/checkpoint/pytorch/read-pytorch.ts';
import type { FileOutline, TensorInfo } from '../../../src/checkpoint/scan.ts';
import { tensorOf } from '../../../src/checkpoint/tensor.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Folder of the files that make_files.py made. */
export const FILES = resolve('test/checkpoint/pytorch/files');

interface ScannedTensor extends TensorInfo {
  readonly bytes: Buffer;
  readonly values: readonly number[];
}

interface Scanned {
  readonly outline: FileOutline;
  readonly tensors: ReadonlyMap<string, ScannedTensor>;
  readonly notices: readonly string[];
}

interface Options {
  readonly from?: string;
  readonly limits?: Partial<Limits>;
  readonly keep?: (name: string) => boolean;
}

/** Reads a file. */
export async function scanned(path: string, { from, limits, keep = () => true }: Options = {}): Promise<Scanned> {
  let outline: FileOutline | undefined;
  const notices: string[] = [];
  const tensors = new Map<string, ScannedTensor>();
  const visitor = {
    outline: (found: FileOutline) => {
      outline = found;
    },
    keep,
    tensor: (name: string, info: TensorInfo, bytes: Buffer) => {
      if (bytes.byteOffset !== 0) throw new Error(`${name}: its values are in no buffer of their own`);
      const values = [...tensorOf(info, bytes, name).data].map(Number);
      tensors.set(name, { ...info, bytes, values });
    },
  };
  const notice = (message: string) => void notices.push(message);
  await withFile(path, (file) => scanPyTorch(file, visitor, { from, notice, limits: { ...LIMITS, ...limits } }));
  return { outline: outline!, tensors, notices };
}

const temporary = join(temporaryFolder(), 'file.pth');

/** Reads a file of these bytes. */
export function scannedBytes(bytes: Uint8Array, options: Options = {}): Promise<Scanned> {
  writeFileSync(temporary, bytes);
  return scanned(temporary, options);
}
