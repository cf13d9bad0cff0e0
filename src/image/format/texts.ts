/** Tells texts from other files, and SVG, web pages and JSON among them. */
import { gunzipSync, constants as zlib } from 'node:zlib';
import type { FileFormat } from './signatures.ts';

const SVG: FileFormat = ['picture', 'an SVG'];
const SVGZ: FileFormat = ['picture', 'a compressed SVG (SVGZ)'];

/** First characters of JSON. */
const JSON_BEGIN = /^\s*[[{]\s*["\]}[{\d-]/;

/** The first element of SVG and HTML, or its name in the document type, wherever a comment or an XML prologue ends. */
const ROOT = /<(?:!doctype\s+)?(?:\w+:)?(svg|html|head|body)\b/i;

/**
 * The format of a text, plain or compressed by gzip.
 *
 * @param head the first bytes of the file
 * @returns undefined if it is none
 */
export function textFormat(head: Buffer): FileFormat | undefined {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return plainTextFormat(head);
  return plainTextFormat(inflated(head)) === SVG ? SVGZ : ['archive', 'a gzip file'];
}

function plainTextFormat(head: Uint8Array): FileFormat | undefined {
  const text = textOf(head);
  if (text === undefined) return undefined;
  if (JSON_BEGIN.test(text)) return ['other', 'text (JSON)'];
  if (!/^\s*</.test(text)) return ['other', 'text'];
  const [, root] = ROOT.exec(text) ?? [];
  if (root === undefined) return ['other', 'text (XML)'];
  return root.toLowerCase() === 'svg' ? SVG : ['other', 'a web page (HTML)'];
}

/** What the first bytes of a gzip file inflate to, at most about a thousand times as many; nothing if damaged. */
function inflated(head: Buffer): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }); // the end of the file need not be there
  } catch {
    return new Uint8Array();
  }
}

/**
 * Bytes as a text in UTF-8, or in UTF-16 with a mark of the byte order.
 *
 * @returns undefined if there are none, if they are no such text, or if control characters are in it
 */
function textOf(head: Uint8Array): string | undefined {
  const [first, second] = head;
  const utf16 =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  try {
    // The head may end amid a character.
    const text = new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(head, { stream: true });
    return text === '' || /(?![\t\n\f\r])\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
