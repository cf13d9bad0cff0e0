/** Makes texts from users and files safe to print. */

/** A text without control characters, which could break the line or change the terminal; `�` stands for each. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}
