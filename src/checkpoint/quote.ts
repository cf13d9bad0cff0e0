/** Quotes untrusted values in messages. */

/** Characters of a value that are shown at most. */
const MAX_CHARACTERS = 80;

/**
 * Shows a value from an untrusted file inside a one-line message: escaped, cut if it is long, and without nested
 * values, because half a megabyte of brackets overflows the stack of `JSON.stringify`.
 */
export function quote(value: unknown): string {
  const outermost = (_: string, each: unknown) =>
    each !== value && typeof each === 'object' && each !== null ? '…' : each;
  const text = (JSON.stringify(value, outermost) ?? String(value)).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
