/** Where `resnet export` writes: never over a file of the run, and over no other file or folder unasked. */
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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

/**
 * The path that the user means by `--out`: shells complete a folder's name with a slash, under which no folder beside it
 * could be written, nor its description.
 */
export function pathOfExport(out: string, format: ExportFormat): string {
  return isFolder(format) && out.endsWith('/') ? join(dirname(out), basename(out)) : out;
}

/** Names of the files in the folder of an export, of any format. */
const EXPORTED_FILE = /^(saved_model\.pb|model\.json|group1-shard\d+of\d+\.bin)$/;

/**
 * Checks before the work that an export can be written, and creates the folder that it lies in.
 *
 * @param place with the path that `pathOfExport` returns
 * @throws UserError (usage) if the path is the checkpoint or another file of its run
 * @throws UserError (io) if something else is there, or it cannot be written
 */
export async function prepareExportPlace({ path, format, checkpoint, overwrite }: Place): Promise<void> {
  const [target, source] = await Promise.all([path, checkpoint].map((each) => stat(each).catch(() => undefined)));
  if (target && isFolder(format)) await expectExport(path, target.isDirectory());
  else if (path.endsWith('/') || (target && !target.isFile())) {
    const problem = !target || target.isDirectory() ? 'is a folder' : 'is no file'; // such as /dev/null, which must stay what it is
    throw new UserError(`${path}: ${problem}; name a file with --out`, ExitCode.io);
  }
  const what = isFolder(format) ? 'folder' : 'file';
  if (target && source && target.ino === source.ino && target.dev === source.dev) {
    throw new UserError(`${path} is the checkpoint itself: name another ${what} with --out`, ExitCode.usage);
  }
  const written = holdsNetwork(format) ? [path, descriptionPath(path)] : [path];
  for (const each of written) {
    if (!(await isThere(each))) continue;
    if (RUN_NAMES.includes(basename(each)) && (await folderOf(each)) === (await folderOf(checkpoint))) {
      throw new UserError(`${each} is a file of the run: name another ${what} with --out`, ExitCode.usage);
    }
    if (each !== path) await expectDescription(each, what);
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

/** The folder of a file that is there, by its one true name: a link may lead to it. */
function folderOf(path: string): Promise<string> {
  return realpath(dirname(path));
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(Boolean, () => false);
}

/** Refuses a folder that holds more than an earlier export, or that the system lets nobody rename: `.` and `..`. */
async function expectExport(path: string, isDirectory: boolean): Promise<void> {
  if (!isDirectory) throw new UserError(`${path}: is a file; name a folder with --out`, ExitCode.io);
  if (/^\.{0,2}$/.test(basename(path))) {
    throw new UserError(`${path}: a folder without a name of its own; name another with --out`, ExitCode.io);
  }
  const entries = await readdir(path, { withFileTypes: true });
  const other = entries.find((each) => !each.isFile() || !EXPORTED_FILE.test(each.name));
  if (other === undefined) return;
  throw new UserError(`${path}: holds ${other.name}, and is no earlier export; name another with --out`, ExitCode.io);
}

/** Refuses a file that no export has written: who replaces `model` has not asked for `model.json`, if that is another's. */
async function expectDescription(path: string, what: 'file' | 'folder'): Promise<void> {
  const tool = await stat(path)
    .then((found) => (found.isFile() ? readFile(path, 'utf8') : '')) // a pipe would be waited for
    .then((text): unknown => JSON.parse(text).tool)
    .catch(() => undefined);
  if (String(tool).startsWith('resnet ')) return;
  throw new UserError(`${path}: is no description of an export; name another ${what} with --out`, ExitCode.io);
}
