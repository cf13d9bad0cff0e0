/** The type of a part whose images are of one size. */
import type { FoundPart } from './formats/found.ts';
import type { PartDigest } from './prepare/digest.ts';
import type { PreparedImages } from './prepare/prepared-images.ts';

/** A part of a data set whose images are of one size. */
export interface PreparedPart {
  /** Without its images: arrays that were written to a file must not stay in memory. */
  readonly part: Omit<FoundPart, 'images'>;
  readonly images: PreparedImages;
  /** Undefined if the part has a hash of its own. */
  readonly digest: PartDigest | undefined;
  /** Size of the whole cache of images in bytes, if the images were put into it now. */
  readonly cacheBytes?: number;
}
