/** Chooses images to show of a data set, and draws them small. */
import type { Image } from '../../image/image.ts';
import { pictureFacts } from '../../image/prepare/picture-facts.ts';
import { preparePicture } from '../../image/prepare/prepare-picture.ts';
import { preparePixels } from '../../image/prepare/prepare-pixels.ts';
import type { ImageSize } from '../../image/size.ts';
import type { FoundPart } from '../formats/found.ts';
import { pixelsOf } from './inspect.ts';
import type { OpenedPart } from './survey.ts';

/**
 * Images of each class that can be read: from its beginning to its end in equal steps, since neighbours are often alike.
 *
 * @param most number of images of a class
 * @returns indices by label, in order
 */
export function samplesOf({ labels, isReadable }: OpenedPart, classes: number, most: number): number[][] {
  const counts = new Uint32Array(classes);
  for (const [index, label] of labels.entries()) if (isReadable(index)) counts[label]!++;
  const samples = Array.from({ length: classes }, (): number[] => []);
  const seen = new Uint32Array(classes);
  for (const [index, label] of labels.entries()) {
    if (!isReadable(index)) continue;
    const [of, wanted] = [samples[label]!, Math.min(most, counts[label]!)];
    // The image in the middle of each of the equal steps.
    if (of.length < wanted && seen[label] === Math.floor(((of.length + 0.5) * counts[label]!) / wanted)) of.push(index);
    seen[label]!++;
  }
  return samples;
}

/**
 * Draws an image so that no side is larger than wanted; a smaller one keeps its size.
 *
 * @param side in pixels
 * @throws UserError (data) if it is a picture that cannot be read
 */
export async function drawnSmall({ images, nameOf }: FoundPart, index: number, side: number): Promise<Image> {
  if (images.kind === 'pixels') {
    const [pixels, { channels }] = [pixelsOf(images, index), images];
    const to = { ...sizeWithin(images, side), channels };
    return { ...to, pixels: preparePixels(pixels, images, { ...to, fit: 'stretch' }).pixels };
  }
  const [bytes, name] = [await images.read(index), nameOf(index)];
  const to = { ...sizeWithin(await pictureFacts(bytes, name), side), channels: 3 } as const;
  return { ...to, pixels: (await preparePicture(bytes, name, { ...to, fit: 'stretch' })).pixels };
}

function sizeWithin({ height, width }: ImageSize, side: number): ImageSize {
  const scale = Math.min(1, side / Math.max(height, width));
  return { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
}
