/** Which data are loaded, and how their pictures become images; and how loading them is watched. */
import type { Notice } from '../errors.ts';
import type { Fit } from '../image/prepare/preparation.ts';
import type { ImageSize } from '../image/size.ts';
import type { DataFormat, FoundData, ReadOptions } from './formats/found.ts';
import type { PartDigest } from './prepare/digest.ts';

/** Which data, and how their pictures become images. */
export interface DataChoice extends Omit<ReadOptions, 'signal'> {
  /** Folder or file of the data; default: MNIST. */
  readonly path?: string | undefined;
  /** Default: found out. */
  readonly format?: DataFormat | undefined;
  /** Size of the images; default: as IDX files store them, else see `usual`. */
  readonly size?: ImageSize | undefined;
  /** Default: as IDX files store them, else see `usual`. */
  readonly channels?: 1 | 3 | undefined;
  /**
   * Size and channels of images from other files than IDX; default: their own size where all are equal and at most
   * 96 × 96, else 64 × 64; 3 channels if any picture has colour.
   */
  readonly usual?: { readonly size: ImageSize; readonly channels: 1 | 3 } | undefined;
  /**
   * Whether these are the data that a model of the size `usual` was trained on. What is not their test part gets that
   * size without being told, and lies in the cache as it was prepared for training. Default: false.
   */
  readonly isOwn?: boolean | undefined;
  /** Default: `pad`. */
  readonly fit?: Fit | undefined;
  /** Whether pictures that cannot be read are left out; default: the first of them is an error. */
  readonly skipBroken?: boolean | undefined;
  /** Most bytes of pixels that are held in memory: of images that are more, each is read when it is needed. Default: no limit. */
  readonly memoryBytes?: number | undefined;
  /** Digests of these data's parts, as `hashTraining` gives them; default: files are read to compute them. */
  readonly digests?: TrainingDigests | undefined;
}

/** Digests of the training part, and of the validation part of data that have one. */
export interface TrainingDigests {
  readonly train?: PartDigest | undefined;
  readonly val?: PartDigest | undefined;
}

/** How far the pictures of a part are read. */
export interface LoadProgress {
  readonly doing: 'reading' | 'decoding';
  readonly done: number;
  readonly total: number;
}

/** Callbacks of `loadDataset`, and the signal that stops it. */
export interface LoadHooks {
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called with what was found, before any image is read; may throw to refuse it. */
  readonly onFound?: (found: FoundData) => void;
  /** Called with what the user should know although it is no fault, such as a cache that cannot be written. */
  readonly notice?: Notice;
  /** Stops between two folders or two pictures; `loadDataset` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
