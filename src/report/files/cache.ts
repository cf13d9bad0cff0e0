/** The text output of `resnet cache`. */

import { grouped } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import type { Cache } from '../../setup/cache-parts.ts';
import { plainTable } from '../text-table.ts';

/** A table of the parts with their sizes in megabytes (10⁶ bytes). */
export function cacheText({ path, parts }: Cache): string {
  if (parts.length === 0) return `${printable(path)}: empty\n`;
  const size = (bytes: number) => `${grouped(bytes / 1e6, 1)} MB`;
  const table = plainTable({
    columns: [
      { head: 'Part', align: 'left' },
      { head: 'Size', align: 'right' },
      { head: 'Files', align: 'right' },
      { head: 'Holds', align: 'left' },
    ],
    rows: parts.map(({ name, bytes, files, holds }) => [name, size(bytes), grouped(files), holds]),
    total: ['all', size(bytesOf(parts)), grouped(parts.reduce((sum, { files }) => sum + files, 0)), ''],
  });
  return `${printable(path)}\n${table}`;
}

/** What was removed. */
export function clearedText({ path, parts }: Cache): string {
  if (parts.length === 0) return `${printable(path)}: nothing to remove\n`;
  return `${printable(path)}: ${grouped(bytesOf(parts) / 1e6, 1)} MB were removed\n`;
}

function bytesOf(parts: Cache['parts']): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
