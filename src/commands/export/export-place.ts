/** Where `resnet export` writes: never over a file of the run, and over no other file or folder unasked. */
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { type ExportFormat, holdsNetwork, isFolder } from '../../export/formats.ts';
import { descriptionPath } from '../../export/written-files.ts';
import { RUN_NAMES } from '../../run/folder/run-files.ts';
import { prepareFolder } from '../../run/folder/run-folder.ts';

/** What is exported to where. */
interface Place {
  /** The file or folder to write. */
  readonly path: string;
  readonly format: ExportFormat;
  /** The file that is exported. */
  readonly checkpoint: string;
  /** Whether what is there may be replaced. */
  readonly overwrite: boolean;
}

/** Names of the files in the folder of an export, of any format. */
const EXPORTED_FILE = /^(saved_model\.pb|model\.json|group1-shard\d+of\d+\.bin)$/;

/**
 * Checks before the work that an export can be written, and creates the folder that it lies in.
 *
 * @throws UserError (usage) if the path is the checkpoint or another file of its run
 * @throws UserError (io) if something else is there, or it cannot be written
 */
export async function prepareExportPlace({ path, format, checkpoint, overwrite }: Place): Promise<void> {
  const [target, source] = await Promise.all([path, checkpoint].map((each) => stat(each).catch(() => undefined)));
  if (target && isFolder(format)) await expectExport(path, target.isDirectory());
  else if (target && !target.isFile()) {
    const problem = target.isDirectory() ? 'is a folder' : 'is no file'; // such as /dev/null, which must stay what it is
    throw new UserError(`${path}: ${problem}; name a file with --out`, ExitCode.io);
  }
  const what = isFolder(format) ? 'folder' : 'file';
  if (target && source && target.ino === source.ino && target.dev === source.dev) {
    throw new UserError(`${path} is the checkpoint itself: name another ${what} with --out`, ExitCode.usage);
  }
  const written = holdsNetwork(format) ? [path, descriptionPath(path)] : [path];
  for (const each of written) {
    if (!(await isThere(each))) continue;
    if (RUN_NAMES.includes(basename(each)) && resolve(dirname(each)) === resolve(dirname(checkpoint))) {
      throw new UserError(`${each} is a file of the run: name another ${what} with --out`, ExitCode.usage);
    }
    if (overwrite) continue;
    throw new UserError(`${each} exists: give --overwrite to replace it, or another ${what} with --out`, ExitCode.io);
  }
  const files = written.filter((each) => each !== path || !isFolder(format));
  await prepareFolder(
    dirname(path),
    files.map((each) => basename(each)),
    '--out',
  );
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(Boolean, () => false);
}

/** Refuses a folder that holds more than an earlier export. */
async function expectExport(path: string, isDirectory: boolean): Promise<void> {
  if (!isDirectory) throw new UserError(`${path}: is a file; name a folder with --out`, ExitCode.io);
  const other = (await readdir(path)).find((name) => !EXPORTED_FILE.test(name));
  if (other === undefined) return;
  throw new UserError(`${path}: holds ${other}, and is no earlier export; name another with --out`, ExitCode.io);
}
