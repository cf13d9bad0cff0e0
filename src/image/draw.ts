/** Writes SVG drawings and images as PNG files. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Image } from './image.ts';
import { loadSharp } from './sharp.ts';

/** Font family of all text in drawings. The font comes with a package, so that it is the same on every machine. */
export const FONT_FAMILY = 'DejaVu Sans';

/** How a drawing becomes a PNG file. */
interface PngFormat {
  /** Pixels of the PNG for each pixel of the drawing; default: 2, enough for high-density screens and for print. */
  readonly scale?: number;
  /** Name of the software in the file's EXIF data; default: none. */
  readonly software?: string;
}

/** Resolution at which libvips renders one pixel of a drawing as one pixel, in dots per inch. */
const SVG_DOTS_PER_INCH = 72;

/**
 * Renders a drawing on a white background.
 *
 * @param svg a drawing that this program made (libvips loads the files that it names), all text in `FONT_FAMILY`
 * @returns the PNG file
 * @throws UserError (device) if sharp is not installed
 */
export async function svgToPng(svg: string, { scale = 2, software }: PngFormat = {}): Promise<Buffer> {
  const font = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  // fontconfig warns on systems without a configuration; the font's package has one.
  process.env.FONTCONFIG_FILE ??= join(font, 'fontconfig', '57-dejavu-sans.conf');
  const sharp = await loadSharp();
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  // libvips registers a font file only when it renders a text of its own; the drawing then finds the font.
  await sharp({ text: { text: 'x', font: FONT_FAMILY, fontfile: join(font, 'ttf', 'DejaVuSans.ttf') } })
    .raw()
    .toBuffer();
  const drawing = sharp(Buffer.from(svg), { density: scale * SVG_DOTS_PER_INCH }).flatten({ background: 'white' });
  if (software !== undefined) drawing.withExif({ IFD0: { Software: software } });
  return drawing.png({ palette: true }).toBuffer();
}

/**
 * Writes an image, one pixel of the PNG for each of its pixels.
 *
 * @returns the PNG file
 * @throws UserError (device) if sharp is not installed
 */
export async function imageToPng({ pixels, height, width, channels = 1 }: Image): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(pixels, { raw: { width, height, channels } }).png().toBuffer();
}
