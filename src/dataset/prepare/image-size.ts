/** Chooses the size of images that are prepared. */
import { UserError } from '../../errors.ts';
import { pictureFacts } from '../../image/prepare/picture-facts.ts';
import type { ImageSize } from '../../image/size.ts';
import type { FoundPart, PictureImages } from '../formats/found.ts';

/** Largest side of pictures that keep their own size. */
const MAX_OWN_SIDE = 96;

/** The size of images whose pictures are larger, or not all of one size. */
export const USUAL_SIZE: ImageSize = { height: 64, width: 64 };

/** The size of images whose pictures all have this size; `USUAL_SIZE` itself if they are larger. */
export function sizeForOne({ height, width }: ImageSize): ImageSize {
  return height <= MAX_OWN_SIDE && width <= MAX_OWN_SIDE ? { height, width } : USUAL_SIZE;
}

/**
 * The size of the first picture.
 *
 * @param hooks.skipBroken whether pictures that cannot be read are passed over
 * @returns undefined if there is none that can be read
 * @throws UserError (data) naming the first picture, if it cannot be read
 */
export async function sizeOfFirst(
  { labels, nameOf }: FoundPart,
  { read }: PictureImages,
  { skipBroken, signal }: { readonly skipBroken: boolean; readonly signal?: AbortSignal | undefined },
): Promise<ImageSize | undefined> {
  for (let index = 0; index < labels.length; index++) {
    signal?.throwIfAborted();
    try {
      return await pictureFacts(await read(index), nameOf(index));
    } catch (error) {
      if (!skipBroken || !(error instanceof UserError)) throw error;
    }
  }
  return undefined;
}
