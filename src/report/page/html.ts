/** HTML in which every text is escaped, whoever wrote it. */
import { printable } from '../../printable.ts';

/** A piece of HTML, as it is. */
export class Html {
  readonly markup: string;

  /** @param markup our own: nothing in it is escaped */
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Content = string | number | Html | readonly Html[];

/** A template whose texts and numbers are escaped, in elements and between the quotes of attributes. */
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
