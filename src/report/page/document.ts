/** The frame of the pages that this tool writes: a head, a heading, and what the page is about. */
import { Html, html } from './html.ts';

/** Content security policy: the page loads nothing from outside. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** What a page consists of. */
interface PageParts {
  /** The element that says which of this tool's commands wrote the page. */
  readonly generator: string;
  /** What the page is about, such as the name of a run. */
  readonly name: string;
  readonly subject: string;
  /** The style sheet. */
  readonly style: string;
  /** What follows the heading. */
  readonly body: Html;
}

/** A whole page, which is one file. */
export function documentOf({ generator, name, subject, style, body }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${new Html(generator)}
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: ${subject}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1><bdi>${name}</bdi>: ${subject}</h1>
${body}
</body>
</html>
`.markup;
}
