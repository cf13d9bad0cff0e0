/** Parts of data sets for the tests of preparing them. */
import sharp from 'sharp';
import type { FoundPart, PixelImages } from '../../../src/dataset/formats/found.ts';
import { ExitCode, UserError } from '../../../src/errors.ts';

/** A part of picture files; undefined stands for one that cannot be read. */
export function pictures(files: readonly (Buffer | undefined)[]): FoundPart {
  const nameOf = (index: number) => `cat/${index}.png`;
  const read = async (index: number) => {
    const file = files[index];
    if (file === undefined) throw new UserError(`${nameOf(index)}: cannot be read (EACCES)`, ExitCode.data);
    return file;
  };
  return { labels: new Uint8Array(files.length), nameOf, images: { kind: 'pictures', read } };
}

/** A part of arrays. */
export function arrays(pixels: Uint8Array, shape: Omit<PixelImages, 'kind' | 'pixels'>): FoundPart {
  const count = pixels.length / (shape.height * shape.width * shape.channels);
  const nameOf = (index: number) => `images[${index}]`;
  return { labels: new Uint8Array(count), nameOf, images: { kind: 'pixels', pixels, ...shape } };
}

/** A PNG of one colour. */
export function plain(colour: string, height = 6, width = 6): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
}
