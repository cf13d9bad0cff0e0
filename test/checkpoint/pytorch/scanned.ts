/** What the reader of PyTorch's files tells of a file. */
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type OpenedFile, withFile } from '../../../src/checkpoint/file-reading.ts';
import { LIMITS, type Limits } from '../../../src/checkpoint/pytorch/limits.ts';
import { scanPyTorch } from '../../../src/checkpoint/pytorch/read-pytorch.ts';
import type { FileOutline, TensorInfo } from '../../../src/checkpoint/scan.ts';
import { tensorOf } from '../../../src/checkpoint/tensor.ts';

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
export function scanned(path: string, options: Options = {}): Promise<Scanned> {
  return withFile(path, (file) => scan(file, options));
}

/** Reads a file of these bytes, from memory: tens of thousands are read in a minute. */
export function scannedBytes(bytes: Buffer, options: Options = {}): Promise<Scanned> {
  const read = async (target: Buffer, offset: number, length: number, position: number) => {
    return { buffer: target, bytesRead: bytes.copy(target, offset, position, position + length) };
  };
  return scan({ handle: { read } as FileHandle, path: '/tmp/file.pth', bytes: bytes.length }, options);
}

async function scan(file: OpenedFile, { from, limits, keep = () => true }: Options): Promise<Scanned> {
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
  await scanPyTorch(file, visitor, { from, notice, limits: { ...LIMITS, ...limits } });
  return { outline: outline!, tensors, notices };
}
