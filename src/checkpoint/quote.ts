/** Quotes untrusted values in messages. */
import { printableJson } from '../printable.ts';

/** Characters of a value that are shown at most. */
const MAX_CHARACTERS = 80;

/**
 * Shows a value from an untrusted file inside a one-line message: escaped, cut if it is long, and without nested
 * values, because half a megabyte of brackets overflows the stack of `JSON.stringify`.
 */
export function quote(value: unknown): string {
  const outermost = (_: string, each: unknown) =>
    each !== value && typeof each === 'object' && each !== null ? '…' : each;
  const shown = typeof value === 'string' ? value.slice(0, MAX_CHARACTERS) : value; // a file's text may have 60 MB
  const text = value === undefined ? 'undefined' : printableJson(shown, outermost);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
