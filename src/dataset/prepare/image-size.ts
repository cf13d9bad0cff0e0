/** Chooses the size of images that are prepared. */
import { UserError } from '../../errors.ts';
import { pictureFacts } from '../../image/prepare/picture-facts.ts';
import type { ImageSize } from '../../image/size.ts';
import type { PictureImages } from '../formats/found.ts';
import { forEachIndex } from './in-flight.ts';

/** Largest side of pictures that keep their own size. */
const MAX_OWN_SIDE = 96;

/** The size of images whose pictures are larger, or not all of one size. */
const USUAL_SIZE = { height: 64, width: 64 } as const;

/** The size of images whose pictures all have this size. */
export function sizeForOne({ height, width }: ImageSize): ImageSize {
  return height <= MAX_OWN_SIDE && width <= MAX_OWN_SIDE ? { height, width } : USUAL_SIZE;
}

/**
 * The size of images of these pictures, whose heads are read until two sizes are found.
 *
 * @param options.skipBroken whether pictures that cannot be read do not count
 * @throws UserError (data) naming the first picture that cannot be read
 */
export async function sizeForPictures(
  { read }: PictureImages,
  count: number,
  nameOf: (index: number) => string,
  { skipBroken, signal }: { readonly skipBroken: boolean; readonly signal?: AbortSignal | undefined },
): Promise<ImageSize> {
  let first: ImageSize | undefined;
  let isUsual = false;
  const look = async (index: number) => {
    if (isUsual) return;
    try {
      const { height, width } = await pictureFacts(await read(index), nameOf(index));
      first ??= { height, width };
      isUsual ||= first.height !== height || first.width !== width || sizeForOne(first) === USUAL_SIZE;
    } catch (error) {
      if (!skipBroken || !(error instanceof UserError)) throw error;
    }
  };
  await forEachIndex(count, look, signal);
  return first === undefined || isUsual ? USUAL_SIZE : first;
}
