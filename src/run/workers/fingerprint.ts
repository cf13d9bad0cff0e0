/** Fingerprints of values in memory, by which workers know that they hold the same. */
import { createHash, type Hash } from 'node:crypto';

/**
 * SHA-256 of a value: of numbers, texts, typed arrays, and what holds them by name or in order.
 *
 * @returns in hexadecimal; equal for equal values, whatever the order of an object's or a map's names
 */
export function fingerprintOf(value: unknown): string {
  const hash = createHash('sha256');
  add(hash, value);
  return hash.digest('hex');
}

function add(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name} ${value.byteLength}\n`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof Map) addNamed(hash, [...value]);
  else if (value instanceof Set) addListed(hash, [...value]);
  else if (Array.isArray(value)) addListed(hash, value);
  else if (typeof value === 'object' && value !== null) addNamed(hash, Object.entries(value));
  else hash.update(`${typeof value} ${JSON.stringify(Object.is(value, -0) ? '-0' : String(value))}\n`);
}

function addListed(hash: Hash, values: readonly unknown[]): void {
  hash.update(`list ${values.length}\n`);
  for (const each of values) add(hash, each);
}

/** Adds values with their names; undefined is the same as none. */
function addNamed(hash: Hash, entries: readonly (readonly [name: string, value: unknown])[]): void {
  const there = entries.filter(([, value]) => value !== undefined && typeof value !== 'function');
  hash.update(`names ${there.length}\n`);
  for (const [name, value] of there.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${JSON.stringify(name)}\n`);
    add(hash, value);
  }
}
