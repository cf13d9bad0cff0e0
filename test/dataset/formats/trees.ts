/** Makes trees of pictures for tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** A picture of one pixel, as PNG. */
export const PNG = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f80' } })
  .png()
  .toBuffer();

/**
 * Writes files under a folder, with the folders on the way to them; a path that ends in `/` is a folder.
 *
 * @param content of each file; default: a picture
 * @returns the folder's path
 */
export function tree(top: string, paths: readonly string[], content: Uint8Array = PNG): string {
  mkdirSync(top, { recursive: true });
  for (const path of paths) {
    const whole = join(top, path);
    mkdirSync(path.endsWith('/') ? whole : dirname(whole), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(whole, content);
  }
  return top;
}
