/** HTML in which every text is escaped. */
import { printable } from '../../printable.ts';

/** A piece of HTML, which is not escaped. */
export class Html {
  readonly markup: string;

  /** @param markup HTML made by this tool, never text from a file */
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** A content of a template: a text, a number or HTML. */
type Content = string | number | Html | readonly Html[];

/** A template that escapes its texts and numbers, in elements and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(
    parts.map((part, index) => part + (index < contents.length ? markupOf(contents[index]!) : '')).join(''),
  );
}

function markupOf(content: Content): string {
  if (content instanceof Html) return content.markup;
  if (typeof content === 'object') return content.map(({ markup }) => markup).join('');
  return printable(String(content)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
