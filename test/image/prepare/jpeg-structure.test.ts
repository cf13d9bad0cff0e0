/** Tests of looking through the structure of JPEG files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { jpegStructure } from '../../../src/image/prepare/jpeg-structure.ts';
import { GOLDEN } from './golden.ts';

const jpeg = (name: string) => readFileSync(join(GOLDEN, name));
const sound = jpeg('colour-420.jpg');

/** Adobe's segment, which says how colours are stored: 0 as red, green and blue, 1 as brightness and differences. */
const segmentOfAdobe = (colours: number) =>
  Buffer.from(`\xff\xee\0\x0eAdobe\0d\0\0\0\0${String.fromCharCode(colours)}`, 'latin1');

/** The sound JPEG with other components: a name, then how finely it is stored, of each of the three. */
function withComponents(text: string): Buffer {
  const changed = Buffer.from(sound);
  const frame = changed.indexOf(Buffer.of(0xff, 0xc0));
  for (const [at, byte] of Buffer.from(text, 'latin1').entries()) {
    changed[frame + 10 + 3 * (at >> 1) + (at % 2)] = byte;
  }
  return changed;
}

test.each([
  ['colour-420.jpg', { height: 22, width: 30 }, false, false],
  ['grey.jpg', { height: 22, width: 30 }, true, false],
  ['turned.jpg', { height: 22, width: 30 }, false, true],
])('%s has %j pixels as it is stored; grey: %s; EXIF data: %s', (name, size, isGrey, hasExif) => {
  expect(jpegStructure(jpeg(name))).toEqual({ size, isGrey, hasExif });
});

test('what follows the end does not count', () => {
  expect(jpegStructure(Buffer.concat([sound, Buffer.from('more')]))).toEqual(jpegStructure(sound));
});

test('Adobe’s segment changes nothing where it names the usual colours', () => {
  const usual = Buffer.concat([sound.subarray(0, 2), segmentOfAdobe(1), sound.subarray(2)]);
  expect(jpegStructure(usual)).toEqual(jpegStructure(sound));
});

describe('there is none', () => {
  test('of a JPEG that is cut off, wherever that is', () => {
    for (let length = 0; length < sound.length; length++) {
      expect(jpegStructure(sound.subarray(0, length))).toBeUndefined();
    }
  });

  test('of one whose codes hold a marker that none may have', () => {
    const damaged = Buffer.from(sound);
    damaged.writeUInt16BE(0xff1f, sound.length - 40);
    expect(jpegStructure(damaged)).toBeUndefined();
  });

  test.each([
    ['that say by Adobe’s segment that they are red, green and blue', [segmentOfAdobe(0), sound.subarray(2)]],
    ['that are called R, G and B', [withComponents('R\x22G\x11B\x11').subarray(2)]],
    [
      'of which a difference of colour is stored more finely than the brightness',
      [withComponents('\x01\x11\x02\x21\x03\x11').subarray(2)],
    ],
  ])('of one with colours %s', (_, rest) => {
    expect(jpegStructure(Buffer.concat([sound.subarray(0, 2), ...rest]))).toBeUndefined();
  });

  test.each(['cmyk.jpg', 'colour.png'])('of %s', (name) => expect(jpegStructure(jpeg(name))).toBeUndefined());
});
