/** Decodes the pixels of a picture with sharp. */
import type { Sharp } from 'sharp';
import type { OpenPicture } from '../open-picture.ts';
import { fromInks, overWhite } from './colours.ts';
import type { Pixels } from './pixels.ts';

/** All of a picture at its own size: red, green and blue. */
export async function allPixels(picture: OpenPicture): Promise<Pixels> {
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
export async function rawPixels({ upright, faultOf }: OpenPicture, change: (upright: Sharp) => Sharp): Promise<Pixels> {
  try {
    const { data, info } = await change(upright()).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const { height, width, channels } = info;
    return { pixels: data, height, width, channels };
  } catch (error) {
    throw faultOf(error);
  }
}
