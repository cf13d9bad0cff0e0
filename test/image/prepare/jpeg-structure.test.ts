/** Tests of looking through the structure of JPEG files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { jpegStructure } from '../../../src/image/prepare/jpeg-structure.ts';
import { GOLDEN } from './golden.ts';

const jpeg = (name: string) => readFileSync(join(GOLDEN, name));
const sound = jpeg('colour-420.jpg');

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

  test.each(['cmyk.jpg', 'colour.png'])('of %s', (name) => expect(jpegStructure(jpeg(name))).toBeUndefined());
});
