/** Unpacks wheels, which are zip archives. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

/**
 * Unpacks some members of an archive into a folder and keeps their paths and permissions.
 *
 * @param isWanted whether the member with this path is to be unpacked
 * @throws Error for a damaged archive or a member outside the folder (yauzl checks both); `signal.reason` after an
 *   abort
 */
export async function unpack(
  archive: string,
  folder: string,
  isWanted: (member: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const zip = await yauzl.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    if (!isWanted(entry.fileName)) continue;
    signal.throwIfAborted();
    const target = join(folder, entry.fileName);
    mkdirSync(dirname(target), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode: mode || 0o644 }), {
      signal,
    });
  }
}

/** Paths of all members of an archive, in the archive's order. */
export async function listMembers(archive: string): Promise<string[]> {
  const members: string[] = [];
  for await (const entry of (await yauzl.openPromise(archive)).eachEntry()) members.push(entry.fileName);
  return members;
}
