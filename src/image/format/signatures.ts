/** The table of file formats by the bytes that their files begin with. */

/**
 * Kinds of files: pictures that are read; pictures, raw pictures of cameras, animations and videos, documents and
 * archives, which are not; and what is no picture at all.
 */
export type FileKind = 'readable' | 'picture' | 'raw' | 'moving' | 'document' | 'archive' | 'other';

/** A file's kind, and the format's name in a sentence. */
export type FileFormat = readonly [kind: FileKind, name: string];

/** The most bytes that are looked at. */
export const HEAD_BYTES = 4096;

/** Any bytes, as many as this. */
const any = (count: number) => '?'.repeat(count);

/** How the files of a HEIF family begin: their size, `ftyp`, and a brand. */
const brands = (...names: string[]) => names.map((name) => `????ftyp${name}`);

const ZIP = ['PK\x03\x04', 'PK\x05\x06'];

/**
 * Formats, the texts in Latin-1 of which one begins their files (`?` stands for any byte), and a text that the
 * beginning of such a file contains. The first that fits counts.
 */
const SIGNATURES: readonly (readonly [...FileFormat, begin: readonly string[], contains?: string])[] = [
  ['picture', 'an Apple (CgBI) PNG', ['\x89PNG????????CgBI']],
  ['readable', 'a PNG', ['\x89PNG']],
  ['picture', 'a JPEG-LS', ['\xff\xd8\xff\xf7']],
  ['readable', 'a JPEG', ['\xff\xd8\xff']],
  ['readable', 'a GIF', ['GIF8']],
  ['readable', 'a WebP', ['RIFF????WEBP']],
  ['raw', 'CR2', ['II*\0????CR\x02']],
  ['readable', 'a TIFF', ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']],
  ['readable', 'an AVIF', brands('avif')],
  ['readable', 'an AVIF', brands('mif1', 'msf1', 'miaf'), 'avif'],
  ['moving', 'an animated AVIF', brands('avis')],
  ['picture', 'a HEIC', brands('heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs')],
  ['picture', 'a HEIC', brands('mif1', 'msf1', 'miaf'), 'hvc1'],
  ['picture', 'a HEIF', brands('mif1', 'msf1', 'miaf', 'avci', 'vvic', 'j2ki', 'jpeg', 'unif')],
  ['raw', 'CR3', brands('crx ')],
  ['moving', 'a video (MOV)', [...brands('qt'), '????moov', '????mdat', '????wide']],
  ['moving', 'a video (MP4)', brands('')],
  ['moving', 'a video (WebM or Matroska)', ['\x1aE\xdf\xa3']],
  ['moving', 'a video (AVI)', ['RIFF????AVI ']],
  ['moving', 'an animation (MNG)', ['\x8aMNG']],
  ['picture', 'a JPEG XL', ['\xff\x0a', '\0\0\0\x0cJXL ']],
  ['picture', 'a JPEG 2000', ['\xffO\xffQ', '\0\0\0\x0cjP  ']],
  ['picture', 'a JPEG XR', ['II\xbc']],
  ['picture', 'a BMP', ['BM????\0\0\0\0']],
  ['picture', 'a TGA', ['\x02', '\x03', '\x0a', '\x0b'].map((type) => `\0\0${type}\0\0\0\0\0`)],
  ['picture', 'an ICO', ['\0\0\x01\0?\0', '\0\0\x02\0?\0']],
  ['picture', 'an ICNS', ['icns']],
  ['picture', 'a Photoshop (PSD)', ['8BPS']],
  ['picture', 'a GIMP (XCF)', ['gimp xcf']],
  ['picture', 'an OpenEXR', ['v/1\x01']],
  ['picture', 'a Radiance (HDR)', ['#?RADIANCE', '#?RGBE']],
  ['readable', 'a PGM', ['P5\n', 'P5 ']],
  ['readable', 'a PPM', ['P6\n', 'P6 ']],
  ['picture', 'a Netpbm (PBM, PAM, PFM, or in text)', [...'12347Ff'].flatMap((digit) => [`P${digit}\n`, `P${digit} `])],
  ['picture', 'an XPM', ['/* XPM']],
  ['picture', 'a DICOM', [`${any(128)}DICM`]],
  ['picture', 'a FITS', ['SIMPLE  =']],
  ['picture', 'a QOI', ['qoif']],
  ['picture', 'a DDS', ['DDS |']],
  ['picture', 'a DjVu', ['AT&TFORM']],
  ['picture', 'a Windows metafile (WMF or EMF)', ['\xd7\xcd\xc6\x9a', `\x01\0\0\0${any(36)} EMF`]],
  ['picture', 'a PCX', ['\x0a\x05\x01']],
  ['raw', 'RAF', ['FUJIFILMCCD-RAW']],
  ['raw', 'ORF', ['IIRO', 'IIRS', 'MMOR']],
  ['raw', 'RW2', ['IIU\0']],
  ['document', 'a PostScript document (EPS or PS)', ['%!', '\x04%!', '\xc5\xd0\xd3\xc6']],
  ['document', 'a Word document', ZIP, 'word/'],
  ['document', 'a PowerPoint document', ZIP, 'ppt/'],
  ['document', 'an Excel document', ZIP, 'xl/'],
  ['document', 'an Office document', ZIP, '[Content_Types].xml'],
  ['document', 'an OpenDocument file', ZIP, 'mimetypeapplication/vnd.oasis'],
  ['document', 'an old Office document', ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']],
  ['document', 'an RTF document', ['{\\rtf']],
  ['archive', 'a ZIP archive', ZIP],
  ['archive', 'an archive (7z, RAR, xz or bzip2)', ['7z\xbc\xaf', 'Rar!', '\xfd7zXZ', 'BZh?1AY']],
  ['archive', 'a tar archive', [`${any(257)}ustar`]],
  ['document', 'a PDF document', [''], '%PDF-'], // after up to 1024 bytes of anything
  ['other', "macOS's note on the file of this name without ._", ['\0\x05\x16\x07']],
  ['other', 'a Git LFS pointer (git lfs pull fetches the file)', ['version https://git-lfs']],
  ['other', 'a model (safetensors)', ['?????\0\0\0{"']],
  ['other', 'an array (NumPy)', ['\x93NUMPY']],
  ['other', "a data set's file (IDX)", ['\0\0\x08\x01', '\0\0\x08\x03']],
];

/**
 * The format of a file in the table.
 *
 * @param head the first bytes of the file
 */
export function formatBySignature(head: Buffer): FileFormat | undefined {
  const text = head.toString('latin1');
  const begins = (begin: string) =>
    begin.length <= text.length && [...begin].every((character, at) => character === '?' || character === text[at]);
  const found = SIGNATURES.find(([, , begin, contains = '']) => begin.some(begins) && text.includes(contains));
  return found && [found[0], found[1]];
}
