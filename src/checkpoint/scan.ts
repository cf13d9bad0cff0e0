/** What every form of file with tensors tells while it is read: first its outline, then its tensors. */
import type { DType } from './element-types.ts';

/** Type and shape of a tensor, without its values. */
export interface TensorInfo {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Why its values cannot be read, and what to do, e.g. `is quantised; save its dequantize()`; absent if they can. */
  readonly problem?: string;
}

/** What a file holds, known before any tensor is read. */
export interface FileOutline {
  /** All tensors under the names in the file. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Texts by key; see `metadata.ts` for this tool's. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Callbacks of a scan. `outline` and `tensor` may throw to refuse the file. */
export interface ScanVisitor {
  /**
   * Called before any tensor is read.
   *
   * @param header the file's bytes before the tensors, where the form has such
   */
  outline?(outline: FileOutline, header?: Buffer): void;
  /** Called with all bytes after the header, in order, where the form has such; the buffer is overwritten afterwards. */
  payload?(bytes: Buffer): void;
  /** Whether a tensor is wanted, by its name in the file; default: all are wanted. */
  keep?(name: string): boolean;
  /**
   * Called with a wanted tensor.
   *
   * @param bytes its values in row-major order, little-endian, in a buffer of their own
   */
  tensor?(name: string, info: TensorInfo, bytes: Buffer): void;
}
