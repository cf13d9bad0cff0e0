/** An image of the page of `resnet data --html`. */
import { cut } from '../cut.ts';
import { type Html, html } from '../page/html.ts';

/** An image of the page. */
export interface PageImage {
  /** Where the image comes from. */
  readonly name: string;
  readonly label: number;
  /** The small picture as an address that holds all of it (`data:`); undefined if there was no room for it. */
  readonly address: string | undefined;
}

/** An image with a text and its name below. */
export function figure(image: PageImage, text: string): Html {
  const caption = html`<b>${text}</b> ${cut(image.name)}`;
  return html`<figure>${picture(image)}<figcaption>${caption}</figcaption></figure>`;
}

/** An image alone. */
export function picture({ address, name }: PageImage): Html {
  if (address === undefined) return html`<span>not drawn</span>`;
  return html`<img src="${address}" alt="${cut(name)}" title="${cut(name)}">`;
}
