/** Makes texts from users and files safe to print: characters that are not seen become escapes that are. */

/**
 * Control characters (Cc), which could break the line or change the terminal; format characters (Cf), which can turn
 * the order of a line round or hide in it; the separators of lines and paragraphs (Zl, Zp); and halves of characters (Cs)
 * and the last two codes of the first plane, which no XML, and so no chart, may have.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;

/** A text with an escape for each character that is not seen: `\u202e`, or `\U000e0001` beyond four digits. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16);
    return digits.length > 4 ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
  });
}

/**
 * The JSON of a value on one line, as `JSON.stringify` writes it, with JSON's escapes for all characters that are not
 * seen: it stands for the same value.
 *
 * @param value any value that JSON has: not undefined
 * @param replacer see `JSON.stringify`
 */
export function printableJson(value: unknown, replacer?: (name: string, each: unknown) => unknown): string {
  // Without the flag `u` a character beyond four digits is seen as the two halves that JSON's escapes need.
  const escaped = (unseen: string) =>
    unseen.replace(/./gs, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return JSON.stringify(value, replacer).replace(UNSEEN, escaped);
}
