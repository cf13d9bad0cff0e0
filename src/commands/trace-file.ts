/** The file of a trace that `resnet bench --profile` writes. It replaces no file unasked. */
import { access, constants, lstat, stat, writeFile } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';

/** A file for a trace, found to be writable. */
export class TraceFile {
  readonly path: string;
  /** The flag to open it with: `wx` refuses a file that another process has made meanwhile. */
  readonly #flag: 'w' | 'wx';

  private constructor(path: string, flag: 'w' | 'wx') {
    this.path = path;
    this.#flag = flag;
  }

  /**
   * Checks that a file can be written: a new one, or one that the user wants to replace. Creates nothing.
   *
   * @param named the name that the user gave; undefined for `trace.json`, or if that exists, for the first of
   *   `trace-2.json`, `trace-3.json` … that does not
   * @param overwrite whether a file that exists may be replaced
   * @throws UserError (io) if it cannot be written, or exists and may not be replaced
   */
  static async choose(named: string | undefined, overwrite: boolean): Promise<TraceFile> {
    const path = named ?? (await freeName(DEFAULT_NAME));
    return new TraceFile(path, await writing(path, () => openFlag(path, overwrite)));
  }

  /** @throws UserError (io) if the file cannot be written */
  async write(trace: string): Promise<void> {
    await writing(this.path, () => writeFile(this.path, trace, { flag: this.#flag }));
  }
}

const DEFAULT_NAME = 'trace.json';

async function freeName(name: string): Promise<string> {
  const { name: stem, ext } = parse(name);
  let free = name;
  for (let number = 2; await exists(free); number++) free = `${stem}-${number}${ext}`;
  return free;
}

async function openFlag(path: string, overwrite: boolean): Promise<'w' | 'wx'> {
  if (!(await exists(path))) {
    await access(dirname(path), constants.W_OK);
    return 'wx';
  }
  const target = await stat(path).catch(() => undefined); // undefined for a link that leads nowhere
  if (target?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
  const isFile = target?.isFile() ?? true; // the others, such as /dev/null, hold nothing that could be lost
  if (isFile && !overwrite) throw existing(path);
  if (target) await access(path, constants.W_OK);
  return 'w';
}

/** Whether there is anything of this name, be it a link that leads nowhere. */
function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** @throws UserError (io) if `work` fails to write to this path */
async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw existing(path);
    throw new UserError(
      `the trace cannot be written to ${path} (${code}); choose another file with --trace`,
      ExitCode.io,
    );
  }
}

function existing(path: string): UserError {
  const advice = 'give --overwrite to replace it, or another file with --trace';
  return new UserError(`the trace is not written, because ${path} exists; ${advice}`, ExitCode.io);
}
