/** Says what a file is, and of what cannot be read what to do with it. */
import { cameraRaw } from './camera-raw.ts';
import { type FileFormat, type FileKind, formatBySignature, HEAD_BYTES } from './signatures.ts';
import { textFormat } from './texts.ts';

/** The picture formats that are decoded, as messages name them. Vector formats such as SVG can load other files. */
const READABLE_FORMATS = 'PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM';

/** What is said of files of each kind that is not read. */
const PROBLEMS: Readonly<Record<Exclude<FileKind, 'readable'>, (name: string) => string>> = {
  picture: (name) => `is ${name} picture, which cannot be read here; save it as PNG or JPEG`,
  raw: (name) => `is a camera's raw picture (${name}), which cannot be read here; save it as PNG or JPEG`,
  moving: (name) => `is ${name}, not one picture; save one frame of it as PNG or JPEG`,
  document: (name) => `is ${name}, not a picture; save the page with the digit as PNG or JPEG`,
  archive: (name) => `is ${name}, not a picture; unpack it, and give the pictures in it as PNG or JPEG`,
  other: (name) => `is ${name}, not a picture; give ${READABLE_FORMATS}`,
};

/**
 * What a file is.
 *
 * @param bytes the whole file
 * @returns the name of a format that is read, such as `a PNG`, or what is wrong with the file and what to do
 */
export function formatOf(bytes: Buffer): { readonly readable: string } | { readonly problem: string } {
  const [kind, name] = recognise(bytes) ?? [];
  if (kind === undefined || name === undefined) {
    return { problem: `is not a picture that can be read; give ${READABLE_FORMATS}` };
  }
  return kind === 'readable' ? { readable: name } : { problem: PROBLEMS[kind](name) };
}

function recognise(bytes: Buffer): FileFormat | undefined {
  const head = bytes.subarray(0, HEAD_BYTES);
  const format = formatBySignature(head);
  const raw = format?.[1] === 'a TIFF' ? cameraRaw(bytes) : undefined;
  if (raw !== undefined) return ['raw', raw];
  if (format !== undefined) return format;
  if (head.length > 0 && head.every((byte) => byte === 0)) return ['other', 'zeros and nothing else'];
  return textFormat(head);
}
