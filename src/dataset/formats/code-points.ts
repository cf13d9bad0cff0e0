/** The order of names by code points, as Python's `sorted` and so torchvision has it. */

/** Half of a character beyond U+FFFF in JavaScript's texts; as a code point it would come after U+FFFF. */
const FIRST_HALF = 0xd800;
const LAST_HALF = 0xdfff;

/**
 * Compares two texts by their code points. JavaScript's own order is by UTF-16 units, which puts the characters beyond
 * U+FFFF before those from U+E000 on; an order of the language (`localeCompare`) differs from machine to machine.
 *
 * @returns below 0 if `a` comes first, above 0 if `b` does, 0 if they are equal
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= FIRST_HALF && unit <= LAST_HALF ? unit + 0x10000 : unit;
}
