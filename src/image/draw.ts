/** Pictures as PNG files. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Image } from '../dataset/source.ts';
import { loadSharp } from './sharp.ts';

/** The family that every text in a drawing is set in, whichever fonts the machine has. */
export const FONT_FAMILY = 'DejaVu Sans';

/** Pixels of a PNG to one of the drawing, for screens of high density and for paper. */
const DENSITY = 2;
/** At which libvips makes a drawing as many pixels wide as it says, in dots an inch. */
const SVG_DENSITY = 72;

/**
 * A drawing on white. Its texts must be of `FONT_FAMILY`.
 *
 * @param svg our own: what it names is loaded
 * @throws UserError (device) where sharp is not installed
 */
export async function svgToPng(svg: string): Promise<Buffer> {
  const font = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  // fontconfig complains where a system has no configuration: the font brings one
  process.env.FONTCONFIG_FILE ??= join(font, 'fontconfig', '57-dejavu-sans.conf');
  const sharp = await loadSharp();
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  // libvips gives the process a font only with a text of its own; the drawing finds it then
  await sharp({ text: { text: 'x', font: FONT_FAMILY, fontfile: join(font, 'ttf', 'DejaVuSans.ttf') } })
    .raw()
    .toBuffer();
  const drawing = sharp(Buffer.from(svg), { density: DENSITY * SVG_DENSITY });
  return drawing.flatten({ background: 'white' }).png({ palette: true }).toBuffer();
}

/** A grey image, pixel by pixel. */
export async function imageToPng({ pixels, height, width }: Image): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
