const LONGEST = 80;

/**
 * Shows a value from an untrusted file inside a one-line message: escaped, cut if it is long, and without what is nested
 * in it, because half a megabyte of brackets overflows the stack of `JSON.stringify`.
 */
export function quote(value: unknown): string {
  const outermost = (_: string, each: unknown) =>
    each !== value && typeof each === 'object' && each !== null ? '…' : each;
  const text = (JSON.stringify(value, outermost) ?? String(value)).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
