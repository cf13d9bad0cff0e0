/** A text that quotes what was typed: its control characters shall neither break the line nor reach the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}
