/** Decodes a picture file into an image for a network, with the numbers of Pillow and torchvision. */
import { type OpenPicture, openPicture } from '../open-picture.ts';
import { hasColour, withChannels } from './colours.ts';
import { inTurn } from './in-turn.ts';
import { jpegStructure } from './jpeg-structure.ts';
import { resizeAsPillow } from './pillow-resize.ts';
import type { Pixels } from './pixels.ts';
import { isReduction, type Placement, placementOf } from './placement.ts';
import type { DecodedPicture, Preparation, PreparedPicture } from './preparation.ts';
import { prepareJpeg } from './prepare-jpeg.ts';
import { placed, prepareDecoded } from './prepare-pixels.ts';
import { allPixels, rawPixels } from './raw-pixels.ts';

/** What a picture counts as while its head is read. */
export const HEAD_PIXELS = 1e6;

/**
 * Decodes a picture file into an image for a network: PNG, JPEG, WebP, GIF (its first frame), TIFF (its first page),
 * AVIF, binary PGM and PPM. It is turned as its EXIF orientation says, laid on white where it is transparent, reduced to
 * 8 bits a channel by leaving out the lower 8, and resized as Pillow's BILINEAR does. ICC profiles are ignored, as
 * Pillow does. Pictures of at most 65,536 pixels, and those that become larger, equal Pillow's byte for byte; larger ones
 * that become smaller differ by 0.1 to 0.7 levels in the mean and 8 at most, in their outer rows and columns 20 at most,
 * since libraries of native code do most of that; see `prepareJpeg` and `reducedPixels`.
 *
 * Any number of pictures may be prepared at the same time: pixels that are decoded at once are bounded.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export function preparePicture(bytes: Buffer, name: string, preparation: Preparation): Promise<DecodedPicture> {
  return inTurn(async (run) => {
    const open = () => run(HEAD_PIXELS, () => openPicture(bytes, name, { ignoreProfile: true }));
    const jpeg = jpegStructure(bytes);
    const reduced = jpeg && (await prepareJpeg({ ...jpeg, bytes, open }, preparation, run));
    if (reduced !== undefined) return reduced;
    const picture = await open();
    const { width, height } = picture.metadata.autoOrient;
    const prepared = await run(width * height, () => decode(picture, preparation));
    return { ...prepared, original: { height, width } };
  });
}

async function decode(picture: OpenPicture, preparation: Preparation): Promise<PreparedPicture> {
  const { autoOrient, depth, hasAlpha, space } = picture.metadata;
  const placement = placementOf(autoOrient, preparation, preparation.fit);
  const isPlain = depth === 'uchar' && !hasAlpha && space !== 'cmyk';
  const reduced =
    isPlain && isReduction(autoOrient, placement.scaled) ? await reducedPixels(picture, placement) : undefined;
  if (reduced === undefined) return prepareDecoded(await allPixels(picture), placement, preparation);
  // Reducing can hide colour but not make it. Only a picture that looks grey is decoded twice.
  const isColoured = hasColour(reduced) || (space !== 'b-w' && hasColour(await allPixels(picture)));
  return { ...placed(withChannels(reduced, preparation.channels), placement, preparation), hasColour: isColoured };
}

/**
 * From this reduction on, libvips takes means of whole pixels first, and has the decoder of a JPEG shrink it
 * (findings/sharp-large-reduction.sh): 2.0 levels in the mean and 37 at most from Pillow (JPEGs of 640 × 427 pixels to
 * 32 × 32 and 100 × 100). Below it, these are 0.3 and 8.
 */
const LARGE_REDUCTION = 4;

/**
 * A picture's part of the right size, reduced in libvips's threads. Its linear kernel is near Pillow's BILINEAR while a
 * side stays longer than a fourth. A larger reduction is left to libvips as far as four times the size, and then done
 * as Pillow does: 0.6 levels in the mean and 7 at most from Pillow alone.
 *
 * @returns red, green and blue; undefined if the picture has more channels than its head says
 */
async function reducedPixels(picture: OpenPicture, { scaled, window }: Placement): Promise<Pixels | undefined> {
  const own = picture.metadata.autoOrient;
  const isLarge = own.width >= LARGE_REDUCTION * scaled.width || own.height >= LARGE_REDUCTION * scaled.height;
  const width = isLarge ? Math.min(own.width, LARGE_REDUCTION * scaled.width) : scaled.width;
  const height = isLarge ? Math.min(own.height, LARGE_REDUCTION * scaled.height) : scaled.height;
  const reduced = await rawPixels(picture, (upright) => {
    const kernel = isLarge ? 'cubic' : 'linear';
    const whole = upright.resize(width, height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
    return (isLarge ? whole : whole.extract(window)).toColourspace('srgb');
  });
  if (reduced.channels !== 3) return undefined;
  return isLarge ? resizeAsPillow(reduced, scaled, window) : reduced;
}
