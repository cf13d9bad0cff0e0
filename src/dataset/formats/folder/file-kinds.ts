/** Which files of a folder are pictures, which are not looked at, and how the others are counted. */
import { extname } from 'node:path';

/**
 * Extensions of pictures that are read, in lower case. Windows's BMP is not among them: libvips is built without it, so
 * such files are counted as left out.
 */
const PICTURE_EXTENSIONS: ReadonlySet<string> = new Set([
  ...['.png', '.jpg', '.jpeg', '.jfif', '.webp', '.gif', '.tif', '.tiff', '.avif'],
  ...['.ppm', '.pgm', '.pbm'],
]);

/** The formats of these pictures, for messages. */
export const PICTURE_FORMATS = 'PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM';

/** Files and folders that systems leave behind, in lower case. */
const LEFTOVERS: ReadonlySet<string> = new Set(['thumbs.db', 'desktop.ini', '__macosx']);

/** Whether a file is a picture by its name. Its content is looked at when it is read. */
export function isPicture(name: string): boolean {
  return PICTURE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Whether a file or folder is not looked at: names that begin with a dot, and leftovers such as `Thumbs.db`. */
export function isIgnored(name: string): boolean {
  return name.startsWith('.') || LEFTOVERS.has(name.toLowerCase());
}

/** How an ignored file or folder is counted; see `LeftOut`. */
export function ignoredKind(name: string, isFolder: boolean): string {
  const plural = isFolder ? 'folders' : 'files';
  return name.startsWith('.') ? `${plural} whose names begin with a dot` : `${plural} named ${name}`;
}

/** How a file that is no picture is counted; see `LeftOut`. */
export function otherKind(name: string): string {
  const extension = extname(name).toLowerCase();
  return extension === '' || extension === '.' ? 'files without an extension' : `files ending in ${extension}`;
}
