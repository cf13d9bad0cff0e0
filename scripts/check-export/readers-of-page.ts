/** Finds the programs in docs/export.md that read an export. */

/** Programs of the page by the language of their fenced block: JavaScript for Node, a page for browsers, Python. */
export type Readers = Readonly<Record<'js' | 'html' | 'python', string>>;

/** The programs of docs/export.md. */
export function readersOf(page: string): Readers {
  const block = (language: keyof Readers) => {
    const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))];
    if (found.length !== 1) throw new Error(`docs/export.md has ${found.length} blocks of ${language}, instead of one`);
    return found[0]?.[1] ?? '';
  };
  return { js: block('js'), html: block('html'), python: block('python') };
}
