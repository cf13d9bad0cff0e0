/** Where the answers of `resnet predict` go: to standard output, or into the file of `--out`. */
import { lstat, open, realpath, stat } from 'node:fs/promises';
import { AtomicStream } from '../../checkpoint/atomic-stream.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { counted } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import type { LiveLine } from '../live-line.ts';
import { beginsAsPredictions } from './prediction-format.ts';

/** A place for answers. */
export interface PredictionOutput {
  /** Writes a text, at once. */
  readonly write: (text: string) => Promise<void>;
  /** Ends the output. `unanswered` is the number of pictures that could not be answered, of `pictures`. */
  readonly finish: (pictures: number, unanswered: number) => Promise<void>;
  /** Whether anyone reads on: not if the reader of a pipe has gone (`| head -1`). */
  readonly isRead: () => boolean;
  /** Leaves nothing of a file that was not finished. */
  readonly discard: () => Promise<void>;
}

/** Standard output. */
export function toStandardOutput(live: LiveLine): PredictionOutput {
  return {
    write: async (text) => live.print(text),
    finish: async () => {},
    isRead: () => process.stdout.errored === null,
    discard: async () => {},
  };
}

/**
 * A file, which gets its name when all answers are there. Standard output gets one line that says how many.
 *
 * @param overwrite whether a file that holds no answers may be replaced
 * @throws UserError (io) if the file cannot be written, or holds something else
 */
export async function toFile(path: string, overwrite: boolean, live: LiveLine): Promise<PredictionOutput> {
  const target = await stat(path).catch(() => undefined);
  if (target !== undefined && !target.isFile()) {
    const kind = target.isDirectory() ? 'a folder' : 'no regular file';
    throw new UserError(`${path}: is ${kind}; give a file with --out`, ExitCode.io);
  }
  const isThere = await lstat(path).then(Boolean, () => false);
  if (isThere && !overwrite && !(await holdsPredictions(path))) {
    const problem = 'exists and holds no answers of resnet predict';
    throw new UserError(`${path}: ${problem}; give --overwrite to replace it, or another file with --out`, ExitCode.io);
  }
  const stream = await AtomicStream.open(target === undefined ? path : await realpath(path));
  return {
    write: (text) => stream.write(text),
    finish: async (pictures, unanswered) => {
      await stream.finish();
      const rest = unanswered === 0 ? '' : `, ${unanswered} without an answer`;
      live.print(`${counted(pictures, 'picture')} in ${printable(path)}${rest}\n`);
    },
    isRead: () => true,
    discard: () => stream.discard(),
  };
}

/** Bytes of a file within which its first answer is known. */
const BEGINNING_BYTES = 4096;

async function holdsPredictions(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return false;
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
    return beginsAsPredictions(buffer.subarray(0, bytesRead).toString());
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
