/** The faces of the DejaVu fonts in which digits are drawn. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** A face, as the attributes of a drawing name it. */
export interface FontFace {
  readonly family: string;
  readonly weight: string;
  readonly style: string;
}

/** The faces by the files of the package dejavu-fonts-ttf. */
const FACES: Readonly<Record<string, FontFace>> = {
  DejaVuSans: { family: 'DejaVu Sans', weight: 'normal', style: 'normal' },
  'DejaVuSans-Bold': { family: 'DejaVu Sans', weight: 'bold', style: 'normal' },
  'DejaVuSans-Oblique': { family: 'DejaVu Sans', weight: 'normal', style: 'oblique' },
  'DejaVuSansCondensed-Bold': { family: 'DejaVu Sans Condensed', weight: 'bold', style: 'normal' },
  DejaVuSansMono: { family: 'DejaVu Sans Mono', weight: 'normal', style: 'normal' },
  DejaVuSerif: { family: 'DejaVu Serif', weight: 'normal', style: 'normal' },
  'DejaVuSerif-Italic': { family: 'DejaVu Serif', weight: 'normal', style: 'italic' },
  'DejaVuSerif-BoldItalic': { family: 'DejaVu Serif', weight: 'bold', style: 'italic' },
};

let loaded: Promise<readonly FontFace[]> | undefined;

/** The faces, of which drawings can name all. */
export function fontFaces(): Promise<readonly FontFace[]> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<readonly FontFace[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  // fontconfig warns on systems without a configuration; the fonts' package has one.
  process.env.FONTCONFIG_FILE ??= join(folder, 'fontconfig', '57-dejavu-sans.conf');
  for (const [file, { family }] of Object.entries(FACES)) {
    // libvips registers a font file only when it renders a text of its own; drawings then find the font.
    const fontfile = join(folder, 'ttf', `${file}.ttf`);
    await sharp({ text: { text: '0', font: family, fontfile } })
      .raw()
      .toBuffer();
  }
  return Object.values(FACES);
}
