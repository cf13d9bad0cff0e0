/** Prepares JPEGs of the size of photographs on the web, of which most data sets consist, faster than libvips does. */
import type { OpenPicture } from '../open-picture.ts';
import { hasColour, withChannels } from './colours.ts';
import type { RunOperation } from './in-turn.ts';
import type { JpegStructure } from './jpeg-structure.ts';
import { resizeAsPillow } from './pillow-resize.ts';
import { isReduction, placementOf } from './placement.ts';
import type { DecodedPicture, Preparation } from './preparation.ts';
import { placed } from './prepare-pixels.ts';
import { allPixels } from './raw-pixels.ts';
import { reducedJpeg } from './reduce-jpeg.ts';

/** A JPEG file of sound structure. */
export interface Jpeg extends JpegStructure {
  /** The whole file. */
  readonly bytes: Buffer;
  /** Opens it with sharp. */
  readonly open: () => Promise<OpenPicture>;
}

/**
 * JPEGs of more pixels are left to libvips, which has the decoder shrink them: 12 million pixels become 64 × 64 in a
 * ninth of the time, 800 × 534 not faster.
 */
const MOST_PIXELS = 1_000_000;

/**
 * Prepares a JPEG that becomes smaller: photographs 0.1 to 0.3 levels in the mean and 3 at most from Pillow, noise of all
 * colours 0.5 and 4.
 *
 * @returns undefined if the JPEG is to be decoded by sharp: it is small, large, becomes larger, or cannot be decoded here
 * @throws UserError (data) if its EXIF data or its colours have to be looked at, and sharp cannot decode it
 */
export async function prepareJpeg(
  { bytes, size, isGrey, hasExif, open }: Jpeg,
  preparation: Preparation,
  run: RunOperation,
): Promise<DecodedPicture | undefined> {
  const count = size.height * size.width;
  if (count > MOST_PIXELS) return undefined;
  const { orientation = 1, autoOrient: original } = hasExif ? (await open()).metadata : { autoOrient: size };
  const placement = placementOf(original, preparation, preparation.fit);
  const { scaled, window } = placement;
  if (!isReduction(original, scaled)) return undefined;
  const whole = await run(count, () => reducedJpeg(bytes, scaled, orientation));
  if (whole === undefined) return undefined;
  const reduced = resizeAsPillow(whole, scaled, window);
  const image = placed(withChannels(reduced, preparation.channels), placement, preparation);
  // Reducing can hide colour but not make it. Only a picture that looks grey is decoded twice.
  if (isGrey || hasColour(reduced)) return { ...image, hasColour: !isGrey, original };
  const picture = await open();
  return { ...image, hasColour: hasColour(await run(count, () => allPixels(picture))), original };
}
