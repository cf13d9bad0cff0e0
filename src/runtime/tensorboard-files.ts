/**
 * TensorBoard's event files as they lie on the disk: TFRecords (the length as 64 bits, its checksum, the bytes, their
 * checksum), each a protocol buffer `Event`.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { decode, int64, message, messages, string } from './graph/protocol-buffers.ts';

/** How the names of our event files end: others in the same folder are left alone. */
export const EVENT_FILE_SUFFIX = '.resnet';

/** Bytes in front of an event and behind it. */
const FRAME = { before: 12, behind: 4 };

const EVENT = { step: int64(2), summary: message(5, { values: messages(1, { tag: string(1) }) }) };

/** A point of a curve, or a histogram. */
export interface SummaryPlace {
  readonly step: number;
  /** Undefined in the record that a file begins with. */
  readonly tag: string | undefined;
}

/**
 * Cuts each event file at its first summary that does not belong, or that a kill has cut. TensorBoard has read neither
 * twice then: by itself it would show what a resumed run does again beside what was done before.
 *
 * @throws {UserError} exit 5 naming the file, also where it is a symbolic link
 */
export async function cutEventFiles(folder: string, belongs: (summary: SummaryPlace) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(EVENT_FILE_SUFFIX)) continue;
    const path = join(folder, name);
    let file: FileHandle | undefined;
    try {
      file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
      const bytes = await file.readFile();
      const kept = bytesThatBelong(bytes, belongs);
      if (kept < bytes.length) await file.truncate(kept);
    } catch (error) {
      const { code = 'damaged' } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: cannot be cut back (${code}); move it away`, ExitCode.io, { cause: error });
    } finally {
      await file?.close();
    }
  }
}

/** Where the first record begins that does not belong, or is not whole. */
function bytesThatBelong(bytes: Buffer, belongs: (summary: SummaryPlace) => boolean): number {
  for (let begin = 0; ; ) {
    if (begin + FRAME.before > bytes.length) return begin;
    const length = Number(bytes.readBigUInt64LE(begin));
    const end = begin + FRAME.before + length + FRAME.behind;
    if (length === 0 || end > bytes.length) return begin; // no event is empty, but what a power cut left may be all zeros
    const { step, summary } = decode(bytes.subarray(begin + FRAME.before, end - FRAME.behind), EVENT);
    if (!belongs({ step, tag: summary.values[0]?.tag })) return begin;
    begin = end;
  }
}
