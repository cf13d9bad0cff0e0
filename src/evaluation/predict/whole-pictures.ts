/** Reads whole pictures as images for a model, as its training did. */
import { availableParallelism } from 'node:os';
import { fillPadding } from '../../image/prepare/fill-padding.ts';
import { pictureFacts } from '../../image/prepare/picture-facts.ts';
import { placementOf } from '../../image/prepare/placement.ts';
import type { Preparation } from '../../image/prepare/preparation.ts';
import { preparePicture } from '../../image/prepare/prepare-picture.ts';
import { nameOf, type PictureSource, pathOf, readImageBytes } from '../../image/read-bytes.ts';
import { inOrder } from './in-order.ts';
import type { PictureModel, WholePictures } from './picture-model.ts';
import { type FaultyPicture, faultyPicture, isFaultOfPicture, type KeptPicture, type ReadPicture } from './pictures.ts';

/** Pictures that are read at the same time: enough for all processors, and few enough for files of 64 MiB. */
const MOST_AT_ONCE = 8;

/** Longest side of a picture that is kept for a drawing. */
const KEPT_PIXELS = 256;

/** How the images of a model are made. */
type WholeModel = Pick<PictureModel, 'size' | 'channels'> & { readonly whole: WholePictures };

/**
 * Reads pictures and prepares them as training did, some at the same time.
 *
 * @param keep whether to keep the pictures themselves, reduced
 * @returns pictures or faults, in the order of the sources
 * @throws UserError (device) if no picture can be decoded
 */
export function readWholePictures(
  sources: readonly PictureSource[],
  model: WholeModel,
  keep: boolean,
): AsyncGenerator<ReadPicture | FaultyPicture> {
  const atOnce = Math.min(MOST_AT_ONCE, 1 + availableParallelism());
  return inOrder(sources, atOnce, async (source) => {
    try {
      return await readWholePicture(source, model, keep);
    } catch (error) {
      if (!isFaultOfPicture(error)) throw error;
      return faultyPicture(pathOf(source), error);
    }
  });
}

async function readWholePicture(source: PictureSource, model: WholeModel, keep: boolean): Promise<ReadPicture> {
  const { size, channels, whole } = model;
  const name = nameOf(source);
  const bytes = await readImageBytes(source);
  const { pixels, content } = await preparePicture(bytes, name, { ...size, channels, fit: whole.fit });
  fillPadding(pixels, { ...size, channels }, content, whole.fill);
  return { path: pathOf(source), pixels, ...(keep ? { picture: await reduced(bytes, name, channels) } : {}) };
}

/** A picture for a drawing: in its own proportions, and no larger than it is. */
async function reduced(bytes: Buffer, name: string, channels: 1 | 3): Promise<KeptPicture> {
  const { height, width } = await pictureFacts(bytes, name);
  const isSmall = Math.max(height, width) <= KEPT_PIXELS;
  const { scaled } = placementOf({ height, width }, { height: KEPT_PIXELS, width: KEPT_PIXELS }, 'pad');
  const preparation: Preparation = { ...(isSmall ? { height, width } : scaled), channels, fit: 'stretch' };
  const { pixels } = await preparePicture(bytes, name, preparation);
  const { height: rows, width: columns } = preparation;
  return { pixels, height: rows, width: columns, channels, original: { height, width } };
}
