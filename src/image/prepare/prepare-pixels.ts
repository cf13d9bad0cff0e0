/** Brings an image that is an array into the shape that a network takes. */
import { hasColour, withChannels } from './colours.ts';
import { resizeAsPillow } from './pillow-resize.ts';
import { countOf, type Pixels } from './pixels.ts';
import { type Placement, placementOf } from './placement.ts';
import type { Preparation, PreparedPicture } from './preparation.ts';

/**
 * Brings an image that is an array into the shape that a network takes, exactly as Pillow would.
 *
 * @param pixels [source.height, source.width, source.channels], 0 to 255
 */
export function preparePixels(
  pixels: Uint8Array,
  source: { readonly height: number; readonly width: number; readonly channels: 1 | 3 },
  preparation: Preparation,
): PreparedPicture {
  const { height, width, channels } = source; // and nothing else: a source may have pixels of its own
  const image = { pixels, height, width, channels };
  return prepareDecoded(image, placementOf(source, preparation, preparation.fit), preparation);
}

/** Brings decoded pixels, with 1 or 3 channels, into the shape that a network takes. */
export function prepareDecoded(image: Pixels, placement: Placement, preparation: Preparation): PreparedPicture {
  const { scaled, window } = placement;
  // To grey first, as is usual in Python, and a third of the work.
  const part = resizeAsPillow(withChannels(image, preparation.channels), scaled, window);
  return { ...placed(part, placement, preparation), hasColour: hasColour(image) };
}

/** An image's part of the right size and channels, laid into the image. */
export function placed(
  { pixels, width }: Pixels,
  { content }: Placement,
  to: Preparation,
): Omit<PreparedPicture, 'hasColour'> {
  if (content.height === to.height && content.width === to.width) return { pixels, content };
  const image = new Uint8Array(countOf(to));
  const length = width * to.channels;
  for (let row = 0; row < content.height; row++) {
    const begin = ((content.top + row) * to.width + content.left) * to.channels;
    image.set(pixels.subarray(row * length, (row + 1) * length), begin);
  }
  return { pixels: image, content };
}
