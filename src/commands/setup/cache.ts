/** `resnet cache`: shows what the tool keeps outside its own folder, and empties it. */
import { printableJson } from '../../printable.ts';
import { cacheText, clearedText } from '../../report/files/cache.ts';
import { cacheParts, clearCache } from '../../setup/cache-parts.ts';

/** Prints the parts of the cache with their sizes, or removes them. */
export async function cache({ clear, json }: { readonly clear?: boolean; readonly json?: boolean }): Promise<void> {
  const found = await cacheParts();
  if (clear) await clearCache();
  const text = clear ? clearedText(found) : cacheText(found);
  process.stdout.write(json ? `${printableJson({ ...found, cleared: clear ?? false })}\n` : text);
}
