/** Decodes a picture file into an image for a network, with the numbers of Pillow and torchvision. */
import { type OpenPicture, openPicture } from '../open-picture.ts';
import { fromInks, hasColour, overWhite, withChannels } from './colours.ts';
import { inTurn } from './in-turn.ts';
import type { Pixels } from './pixels.ts';
import { type Placement, placementOf } from './placement.ts';
import type { Preparation, PreparedPicture } from './preparation.ts';
import { placed, prepareDecoded } from './prepare-pixels.ts';

/** What a picture counts as while its head is read. */
export const HEAD_PIXELS = 1e6;

/**
 * Decodes a picture file into an image for a network: PNG, JPEG, WebP, GIF (its first frame), TIFF (its first page),
 * AVIF, binary PGM and PPM. It is turned as its EXIF orientation says, laid on white where it is transparent, reduced to
 * 8 bits a channel by leaving out the lower 8, and resized as Pillow's BILINEAR does. ICC profiles are ignored, as
 * Pillow does. Pictures that become larger equal Pillow's byte for byte; those that become smaller differ by 0.7 levels
 * in the mean at most, since libvips does that.
 *
 * Any number of pictures may be prepared at the same time: pixels that are decoded at once are bounded.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export function preparePicture(bytes: Buffer, name: string, preparation: Preparation): Promise<PreparedPicture> {
  return inTurn(async (run) => {
    const picture = await run(HEAD_PIXELS, () => openPicture(bytes, name, { ignoreProfile: true }));
    const { width, height } = picture.metadata.autoOrient;
    return run(width * height, () => decode(picture, preparation));
  });
}

async function decode(picture: OpenPicture, preparation: Preparation): Promise<PreparedPicture> {
  const { autoOrient, depth, hasAlpha, space } = picture.metadata;
  const placement = placementOf(autoOrient, preparation, preparation.fit);
  const { scaled } = placement;
  const isSmaller = scaled.width <= autoOrient.width && scaled.height <= autoOrient.height;
  const isSameSize = scaled.width === autoOrient.width && scaled.height === autoOrient.height;
  const isPlain = depth === 'uchar' && !hasAlpha && space !== 'cmyk';
  const isReduced = isPlain && isSmaller && !isSameSize;
  const reduced = isReduced ? await reducedPixels(picture, placement) : undefined;
  if (reduced === undefined) return prepareDecoded(await allPixels(picture), placement, preparation);
  // Reducing can hide colour but not make it. Only a picture that looks grey is decoded twice.
  const isColoured = hasColour(reduced) || (space !== 'b-w' && hasColour(await allPixels(picture)));
  return { ...placed(withChannels(reduced, preparation.channels), placement, preparation), hasColour: isColoured };
}

/**
 * A picture's part of the right size, resized by libvips: a reduction by its linear kernel is near Pillow's BILINEAR.
 * It enlarges half a pixel beside it, and a JPEG that is decoded smaller differs twice as much.
 *
 * @returns red, green and blue; undefined if the picture has more channels than its head says
 */
async function reducedPixels(picture: OpenPicture, { scaled, window }: Placement): Promise<Pixels | undefined> {
  const { pixels, ...size } = await rawPixels(picture, (upright) =>
    upright
      .resize(scaled.width, scaled.height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .extract(window)
      .toColourspace('srgb'),
  );
  return size.channels === 3 ? { pixels, ...size } : undefined;
}

/** All of a picture at its own size: red, green and blue. */
async function allPixels(picture: OpenPicture): Promise<Pixels> {
  if (picture.metadata.space === 'cmyk') {
    const inks = await rawPixels(picture, (upright) => upright.pipelineColourspace('cmyk').toColourspace('cmyk'));
    if (inks.channels === 4 && picture.metadata.depth === 'uchar') return fromInks(inks);
  } else {
    const colours = await rawPixels(picture, (upright) => upright.toColourspace('srgb'));
    if (colours.channels === 3) return colours;
    if (colours.channels === 4) return overWhite(colours);
  }
  throw picture.fault(`is ${picture.format} of too many channels; save it as PNG or JPEG`);
}

/** The pixels that a pipeline makes of a picture, in 8 bits. */
async function rawPixels(
  { upright, faultOf }: OpenPicture,
  change: (upright: OpenPicture['upright']) => OpenPicture['upright'],
): Promise<Pixels> {
  try {
    const { data, info } = await change(upright.clone()).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const { height, width, channels } = info;
    return { pixels: data, height, width, channels };
  } catch (error) {
    throw faultOf(error);
  }
}
