/** What the network saw of a user's picture, as it is shown. */
import type { Picture } from '../picture.ts';

/** A picture of grey levels, or of colours. */
export interface ColourPicture extends Picture {
  /** Pixels are [height, width, channels]: 3 are red, green and blue. Default: 1. */
  readonly channels?: 1 | 3;
}

/** A picture, and what was made of it. */
export interface Seen {
  /** The picture's name for people, without its folder. */
  readonly name: string;
  /** The picture as it was looked at, and the size that it had before it was reduced. */
  readonly picture: ColourPicture & { readonly original: { readonly height: number; readonly width: number } };
  /** Where the digit is, in pixels of the original; undefined if none was found, or none was sought. */
  readonly box: Box | undefined;
  /** The image that the network saw; undefined if it saw none. */
  readonly image: ColourPicture | undefined;
  /** The most probable answer, like `7 (99.31 %)`; undefined if the picture was refused. */
  readonly answer: string | undefined;
  /** Why the picture was refused. */
  readonly problem: string | undefined;
}

/** A box in pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The box on a picture that is shown in another size.
 *
 * @param shown the size in which the picture is shown
 * @returns undefined if no digit was found; sides need not be whole
 */
export function boxOn({ box, picture }: Seen, shown: { readonly height: number; readonly width: number }) {
  if (box === undefined) return undefined;
  const [down, across] = [shown.height / picture.original.height, shown.width / picture.original.width];
  return { left: box.left * across, top: box.top * down, width: box.width * across, height: box.height * down };
}

/** A picture in grey levels, as the eye takes its colours. */
export function greyPicture({ pixels, height, width, channels = 1 }: ColourPicture): Picture {
  if (channels === 1) return { pixels, height, width };
  const greys = Array.from({ length: height * width }, (_, pixel) => {
    const [red, green, blue] = [pixels[3 * pixel]!, pixels[3 * pixel + 1]!, pixels[3 * pixel + 2]!];
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  return { pixels: greys, height, width };
}
