/** The file that `resnet export` writes: never a file of the run, and no other file unasked. */
import { lstat, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { RUN_NAMES } from '../../run/folder/run-files.ts';
import { prepareFolder } from '../../run/folder/run-folder.ts';

/**
 * Checks before the work that a file can be written, and creates its folder.
 *
 * @param checkpoint the file that is exported
 * @param overwrite whether another file may be replaced
 * @throws UserError (usage) if the file is the checkpoint or another file of its run
 * @throws UserError (io) if another exists, it is no file, or cannot be written
 */
export async function prepareExportFile(path: string, checkpoint: string, overwrite: boolean): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const [target, source] = await Promise.all([path, checkpoint].map((each) => stat(each).catch(() => undefined)));
  if (target && !target.isFile()) {
    const problem = target.isDirectory() ? 'is a folder' : 'is no file'; // such as /dev/null, which must stay what it is
    throw new UserError(`${path}: ${problem}; name a file with --out`, ExitCode.io);
  }
  if (target && source && target.ino === source.ino && target.dev === source.dev) {
    throw new UserError(`${path} is the checkpoint itself: name another file with --out`, ExitCode.usage);
  }
  const isThere = await lstat(path).then(Boolean, () => false);
  if (isThere && RUN_NAMES.includes(name) && resolve(folder) === resolve(dirname(checkpoint))) {
    throw new UserError(`${path} is a file of the run: name another file with --out`, ExitCode.usage);
  }
  if (isThere && !overwrite) {
    throw new UserError(`${path} exists: give --overwrite to replace it, or another file with --out`, ExitCode.io);
  }
  await prepareFolder(folder, [name], '--out');
}
