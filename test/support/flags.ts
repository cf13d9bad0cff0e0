/** Command lines made from others: a flag may be given once only. */

/** The words of a command line, with these flags and their values in the place of those of the same names. */
export function withFlags(words: readonly string[], ...flags: readonly string[]): string[] {
  const others = words.filter((word, index) => {
    const name = word.startsWith('--') ? word : (words[index - 1] ?? '');
    return !name.startsWith('--') || !flags.includes(name);
  });
  return [...others, ...flags];
}
