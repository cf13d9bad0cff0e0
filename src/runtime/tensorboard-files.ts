/**
 * Truncates TensorBoard's event files to the checkpoint that a run resumes from. An event file is a sequence of
 * TFRecords (length as 64 bits, checksum of the length, data, checksum of the data); the data are a protocol buffer
 * `Event`.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { decode, int64, message, messages, string } from './graph/protocol-buffers.ts';

/** Suffix of the names of this program's event files; other programs' files in the same folder are not changed. */
export const EVENT_FILE_SUFFIX = '.resnet';

/** Bytes of a TFRecord before and after its data. */
const RECORD_FRAME_BYTES = { before: 12, after: 4 };

/** The fields of the protocol buffer `Event` that are read. */
const EVENT_SCHEMA = { step: int64(2), summary: message(5, { values: messages(1, { tag: string(1) }) }) };

/** Step and tag of a record: a point of a scalar's curve, or a histogram. */
export interface TensorBoardRecord {
  readonly step: number;
  /** Undefined for a file's first record, which holds the format's version. */
  readonly tag: string | undefined;
}

/**
 * Truncates each event file before its first record that is not to be kept or that a kill has cut short. Otherwise
 * TensorBoard would show the steps that a resumed run repeats twice.
 *
 * @param shouldKeep whether a record is from before the checkpoint
 * @throws UserError (io) naming the file, also if it is damaged, a folder or a symbolic link
 */
export async function truncateEventFiles(
  folder: string,
  shouldKeep: (record: TensorBoardRecord) => boolean,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(EVENT_FILE_SUFFIX)) continue;
    const path = join(folder, name);
    let file: FileHandle | undefined;
    try {
      file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
      const bytes = await file.readFile();
      const length = keptLength(bytes, shouldKeep);
      if (length < bytes.length) await file.truncate(length);
    } catch (error) {
      const { code = 'damaged' } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: cannot be truncated (${code}); move it away`, ExitCode.io, { cause: error });
    } finally {
      await file?.close();
    }
  }
}

/** Length in bytes of the leading records that are complete and to be kept. */
function keptLength(bytes: Buffer, shouldKeep: (record: TensorBoardRecord) => boolean): number {
  const { before, after } = RECORD_FRAME_BYTES;
  for (let begin = 0; ; ) {
    if (begin + before > bytes.length) return begin;
    const length = Number(bytes.readBigUInt64LE(begin));
    const end = begin + before + length + after;
    if (length === 0 || end > bytes.length) return begin; // no event is empty, but a power failure may leave only zeros
    const { step, summary } = decode(bytes.subarray(begin + before, end - after), EVENT_SCHEMA);
    if (!shouldKeep({ step, tag: summary.values[0]?.tag })) return begin;
    begin = end;
  }
}
