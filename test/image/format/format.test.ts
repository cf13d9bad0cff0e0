/** What a file is said to be, and what to do with it. */
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { formatOf } from '../../../src/image/format/format.ts';
import { tiff } from '../../support/tiff.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>';
const DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">';
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** How files begin, with what is said of them; texts are in Latin-1. The bytes are those of files that were made. */
const EXAMPLES: readonly (readonly [format: string, begin: string | Buffer, said: string])[] = [
  ['PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'a PNG'],
  ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF\0', 'a JPEG'],
  ['GIF', 'GIF89a', 'a GIF'],
  ['WebP', 'RIFF\x1a\x1d\0\0WEBPVP8 ', 'a WebP'],
  ['TIFF', tiff(), 'a TIFF'],
  ['TIFF, big-endian', tiff({}, true), 'a TIFF'],
  ['BigTIFF', 'II+\0\x08\0\0\0', 'a TIFF'],
  ['AVIF', '\0\0\0 ftypavif\0\0\0\0avifmif1miaf', 'an AVIF'],
  ['AVIF under another brand', '\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'an AVIF'],

  [
    'HEIC',
    '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    'is a HEIC picture, which cannot be read here; save it as PNG or JPEG',
  ],
  ['HEIC of 10 bits', '\0\0\0\x18ftypheix\0\0\0\0mif1heix', 'is a HEIC picture'],
  ['HEIC under another brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic…hvc1', 'is a HEIC picture'],
  ['HEIF of another codec', '\0\0\0\x18ftypmif1\0\0\0\0mif1', 'is a HEIF picture'],
  [
    'animated AVIF',
    '\0\0\0,ftypavis\0\0\0\0avismsf1',
    'is an animated AVIF, not one picture; save one frame of it as PNG or JPEG',
  ],
  ['MP4', '\0\0\0 ftypisom\0\0\x02\0isomiso2avc1mp41', 'is a video (MP4), not one picture'],
  ['MOV', '\0\0\0\x14ftypqt  \0\0\x02\0qt  ', 'is a video (MOV)'],
  ['WebM', '\x1aE\xdf\xa3\x9fB\x86\x81\x01', 'is a video (WebM or Matroska)'],
  ['JPEG XL, bare', '\xff\x0aX\x12\xd0\x09', 'is a JPEG XL picture'],
  ['JPEG XL, in boxes', '\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ', 'is a JPEG XL picture'],
  ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ', 'is a JPEG 2000 picture'],
  ['BMP', 'BM6w\x01\0\0\0\0\x006\0\0\0(\0\0\0', 'is a BMP picture'],
  ['ICO', '\0\0\x01\0\x01\x0032\0\0\x01\0 \0', 'is an ICO picture'],
  ['TGA', '\0\0\x02\0\0\0\0\0\0\0\0\0\xa0\0\xc8\0\x18\0', 'is a TGA picture'],
  ['PSD', '8BPS\0\x01\0\0', 'is a Photoshop (PSD) picture'],
  ['OpenEXR', 'v/1\x01\x02\0\0\0', 'is an OpenEXR picture'],
  ['HDR', '#?RADIANCE\nFORMAT=32-bit_rle_rgbe', 'is a Radiance (HDR) picture'],
  ['PGM in text', 'P2\n160 200\n255\n', 'is a Netpbm (PBM, PAM, PFM, or in text) picture'],
  ['DICOM', `${'\0'.repeat(128)}DICM\x02\0\0\0UL`, 'is a DICOM picture'],
  [
    'CR2',
    'II*\0\x10\0\0\0CR\x02\0',
    "is a camera's raw picture (CR2), which cannot be read here; save it as PNG or JPEG",
  ],
  ['CR3', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom', "is a camera's raw picture (CR3)"],
  ['RAF', 'FUJIFILMCCD-RAW 0201', "is a camera's raw picture (RAF)"],
  ['DNG', tiff({ 50706: 0x00000401 }), "is a camera's raw picture (DNG)"],
  ['DNG, big-endian', tiff({ 50706: 0x01040000 }, true), "is a camera's raw picture (DNG)"],
  ['NEF', tiff({ 254: 1, 330: 8 }), "is a camera's raw picture (such as NEF or ARW)"],
  ['PDF', '%PDF-1.4\n%\xb5\xb5', 'is a PDF document, not a picture; save the page with the digit as PNG or JPEG'],
  ['PDF after a mark of the byte order', '\xef\xbb\xbf%PDF-1.4\n', 'is a PDF document'],
  ['EPS', '%!PS-Adobe-3.0 EPSF-3.0\n', 'is a PostScript document (EPS or PS)'],
  ['Word', 'PK\x03\x04\x14\0\0\0\x08\0…[Content_Types].xml…word/document.xml', 'is a Word document'],
  [
    'ZIP',
    'PK\x03\x04\x14\0\0\0',
    'is a ZIP archive, not a picture; unpack it, and give the pictures in it as PNG or JPEG',
  ],
  ['gzip', gzipSync('a text'), 'is a gzip file, not a picture; unpack it'],
  ['SVG', SVG, 'is an SVG picture, which cannot be read here; save it as PNG or JPEG'],
  ['SVG with a mark of the byte order', `\xef\xbb\xbf${SVG}`, 'is an SVG picture'],
  [
    'SVG with a prologue',
    `<?xml version="1.0"?>\n<!-- ${'drawn '.repeat(100)}-->\n${DOCTYPE}\n${SVG}`,
    'is an SVG picture',
  ],
  ['SVG with a prefix', '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>', 'is an SVG picture'],
  ['SVG in UTF-16', utf16(SVG), 'is an SVG picture'],
  ['SVGZ', gzipSync(SVG), 'is a compressed SVG (SVGZ) picture'],
  ['HTML', '\n<!doctype html><title>Digits</title>', 'is a web page (HTML), not a picture; give PNG, JPEG, WebP'],
  ['HTML with an SVG', `<html><body>${SVG}`, 'is a web page (HTML), not a picture'],
  ['XML', '<?xml version="1.0"?><rss/>', 'is text (XML), not a picture'],
  ['JSON', '{"digit": 7}', 'is text (JSON), not a picture'],
  ['text', 'seven\n', 'is text, not a picture; give PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM'],
  [
    'text that the head cuts amid a character',
    Buffer.from('é'.repeat(3000).slice(1) + 'x€'.repeat(500)),
    'is text, not',
  ],
  ['Git LFS', 'version https://git-lfs.github.com/spec/v1\n', 'is a Git LFS pointer (git lfs pull fetches the file)'],
  ['AppleDouble', '\0\x05\x16\x07\0\x02\0\0Mac OS X', "is macOS's note on the file of this name without ._"],
  ['IDX', '\0\0\x08\x03\0\0\x27\x10', "is a data set's file (IDX)"],
  ['safetensors', 'x\x01\0\0\0\0\0\0{"__metadata__":', 'is a model (safetensors)'],
  ['zeros', '\0'.repeat(100), 'is zeros and nothing else, not a picture'],
  ['unknown', '\x81\x92\xff\x03', 'is not a picture that can be read; give PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM'],
  ['nothing', '', 'is not a picture that can be read'],
];

test.each(EXAMPLES)('recognises %s', (_, begin, said) => {
  const format = formatOf(typeof begin === 'string' ? Buffer.from(begin, 'latin1') : begin);
  if ('readable' in format) {
    expect(format.readable).toBe(said);
  } else {
    expect(format.problem.slice(0, said.length)).toBe(said);
    expect(format.problem).toMatch(/^.{1,120}$/);
    expect(format.problem).toContain('PNG'); // what to save it as, or to give
  }
});
