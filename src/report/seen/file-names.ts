/** The names of the files that `resnet predict --show` writes: one for each picture, after the picture's own name. */
import { parse } from 'node:path';

/** Most bytes of a name before its ending: file systems take 255, of which a temporary file needs some 30. */
const MAX_STEM_BYTES = 160;

/**
 * A file name for each picture, in their order: `digit-seen.png` for `photos/digit.jpg`. Pictures of one name are
 * numbered: `digit-seen-2.png`. No two names differ only in their case, which some file systems ignore.
 *
 * @param paths `-` is standard input
 */
export function pictureNames(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const stem = path === '-' ? 'standard-input' : safe(parse(path).name);
    const nameOf = (number: number) => `${stem}-seen${number === 1 ? '' : `-${number}`}.png`;
    let number = 1;
    while (taken.has(nameOf(number).toLowerCase())) number += 1;
    taken.add(nameOf(number).toLowerCase());
    return nameOf(number);
  });
}

/** A name without what a shell, a file system or a reader could misread. */
function safe(name: string): string {
  const plain = name
    .normalize()
    .replace(/[^\p{L}\p{M}\p{N} ._-]/gu, '_')
    .replace(/^[ .-]+|[ .]+$/g, '');
  let kept = '';
  for (const character of plain) {
    if (Buffer.byteLength(kept + character) > MAX_STEM_BYTES) break;
    kept += character;
  }
  return kept === '' ? 'picture' : kept;
}
