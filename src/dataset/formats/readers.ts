/** The table of the formats and their readers. A reader is loaded when it is needed, so that the others cost nothing. */
import type { DataFormat, FoundData, ReadOptions } from './found.ts';

/** Reads data sets of a format. */
export interface FormatReader {
  /**
   * Whether a path leads to data of the format, by names of files; false if there is nothing at the path.
   *
   * @throws UserError (data) naming what cannot be looked at; the signal's reason
   */
  readonly looksLike: (path: string, signal?: AbortSignal) => Promise<boolean>;
  /** @throws UserError (data) naming what is at fault; the signal's reason */
  readonly read: (path: string, options: ReadOptions) => Promise<FoundData>;
}

/** A format. */
interface FormatEntry {
  /** What data of the format are, for messages. */
  readonly what: string;
  readonly load: () => Promise<FormatReader>;
}

/** The readers by format. */
export const FORMAT_READERS: Readonly<Record<DataFormat, FormatEntry>> = {
  idx: {
    what: "IDX files like MNIST's",
    load: () => import('./idx-set.ts').then((m) => ({ looksLike: m.looksLikeIdx, read: m.readIdx })),
  },
  folder: {
    what: 'a folder of pictures for each class',
    load: () => import('./folder.ts').then((m) => ({ looksLike: m.looksLikeFolder, read: m.readFolder })),
  },
  cifar: {
    what: "CIFAR's binary files",
    load: () => import('./cifar.ts').then((m) => ({ looksLike: m.looksLikeCifar, read: m.readCifar })),
  },
  npz: {
    what: "a file of NumPy's arrays",
    load: () => import('./npz.ts').then((m) => ({ looksLike: m.looksLikeNpz, read: m.readNpz })),
  },
  npy: {
    what: "pairs of NumPy's files",
    load: () => import('./npy-pair.ts').then((m) => ({ looksLike: m.looksLikeNpyPairs, read: m.readNpyPairs })),
  },
  parquet: {
    what: 'Parquet files',
    load: () => import('./parquet.ts').then((m) => ({ looksLike: m.looksLikeParquet, read: m.readParquet })),
  },
  csv: {
    what: 'CSV files',
    load: () => import('./csv.ts').then((m) => ({ looksLike: m.looksLikeCsv, read: m.readCsv })),
  },
};
