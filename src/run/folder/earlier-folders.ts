/** The folders in `earlier/`, which hold earlier runs' files. */
import { closeSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKPOINT_FILES, EARLIER_FOLDER, EARLIER_NAME } from './run-files.ts';

/** Paths of the folders in `earlier/` that this tool made, the newest first. Links are not followed. */
export function earlierFolders(folder: string): string[] {
  const parent = join(folder, EARLIER_FOLDER);
  if (!lstatSync(parent, { throwIfNoEntry: false })?.isDirectory()) return [];
  const made = readdirSync(parent, { withFileTypes: true }).flatMap((entry) => {
    const { time, attempt = '1' } = EARLIER_NAME.exec(entry.name)?.groups ?? {};
    return time !== undefined && entry.isDirectory() ? [{ name: entry.name, time, attempt: Number(attempt) }] : [];
  });
  made.sort((a, b) => (a.time === b.time ? b.attempt - a.attempt : a.time < b.time ? 1 : -1));
  return made.map(({ name }) => join(parent, name));
}

/**
 * The folder in `earlier/` that holds the folder's best checkpoint too. Then it is an earlier run's, which stays until
 * the run in the folder has a best of its own.
 *
 * @param copies whether a copy of the best counts, as a copied folder has it, and a file system without hard links. Two
 *   equal runs have equal bests, so a copy alone does not prove that the best is the earlier run's
 */
export function folderWithBest(folder: string, copies = false): string | undefined {
  const [best, ...others] = [folder, ...earlierFolders(folder)].map((each) => join(each, CHECKPOINT_FILES.best));
  const same =
    others.find((other) => isOneFile(best!, other)) ??
    (copies ? others.find((other) => haveEqualBytes(best!, other)) : undefined);
  return same && dirname(same);
}

function isOneFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

/** Bytes that are compared at a time. Checkpoints of different runs differ in their first piece, which has a checksum. */
const PIECE_BYTES = 2 ** 16;

function haveEqualBytes(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (!a?.isFile() || !b?.isFile() || a.size !== b.size) return false;
  const files = [one, other].map((path) => openSync(path, 'r'));
  try {
    for (let position = 0; position < a.size; position += PIECE_BYTES) {
      const [left, right] = files.map((file) => {
        const piece = Buffer.alloc(PIECE_BYTES);
        return piece.subarray(0, readSync(file, piece, 0, PIECE_BYTES, position));
      });
      if (!left!.equals(right!)) return false;
    }
    return true;
  } finally {
    for (const file of files) closeSync(file);
  }
}
