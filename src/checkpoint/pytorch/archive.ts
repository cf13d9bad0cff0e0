/** What both forms of PyTorch's files hold: a pickle, and storages by name. */
import type { Piece } from './piece.ts';
import type { Value } from './values.ts';

export interface Archive {
  /** What was saved. */
  readonly value: Value;
  /** Storages by their keys. */
  readonly storages: ReadonlyMap<string, Piece>;
  /** Pieces that are read for their checksums alone. */
  readonly others: readonly Piece[];
  readonly isBigEndian: boolean;
  /** Texts that this tool has put beside the tensors. */
  readonly metadata: ReadonlyMap<string, string>;
}
