/** What a reader left out, as text. */
import type { LeftOut } from './formats/found.ts';

/** Kinds and how many there are of each: `files ending in .txt: 1,200; folders named __MACOSX: 1`; '' if there are none. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  const counted = leftOut.filter(({ count }) => count > 0);
  return counted.map(({ what, count }) => `${what}: ${count.toLocaleString('en')}`).join('; ');
}
