/** Reads what `torch.save` writes: the zip form of PyTorch 1.6 and later, and the stream form from before. */
import type { Notice } from '../../errors.ts';
import { faultIn, type OpenedFile } from '../file-reading.ts';
import type { ScanVisitor } from '../scan.ts';

/** Bytes by which the forms are told apart. */
export const BEGINNING_BYTES = 8;

/** Whether a file is one of PyTorch's, by its first bytes. */
export function isPyTorch(beginning: Buffer): boolean {
  const isZip = beginning.subarray(0, 4).equals(Buffer.from('PK\x03\x04'));
  return isZip || beginning.equals(Buffer.from([0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46]));
}

/** Reads a file of PyTorch; see `ScanVisitor`. */
export async function scanPyTorch(
  file: OpenedFile,
  _visitor: ScanVisitor,
  _options: { readonly from: string | undefined; readonly notice: Notice },
): Promise<void> {
  throw faultIn(file.path, 'not read yet');
}
