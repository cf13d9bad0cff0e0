/** The file that `resnet data --html` names: an earlier page is replaced, and no other file unasked. */
import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { DATA_GENERATOR } from '../../report/data/page.ts';
import { prepareFolder } from '../../run/folder/run-folder.ts';
import { holdsMark, refuseOtherFiles } from '../output-folder.ts';

/** Bytes at the beginning of a page within which `DATA_GENERATOR` is. */
const GENERATOR_WITHIN_BYTES = 1024;

/**
 * Checks before the work that a page can be written, and creates its folder.
 *
 * @throws UserError (io) if it cannot be written, or would replace what is no such page
 */
export async function preparePageFile(path: string, overwrite: boolean): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const stats = await lstat(path).catch(() => undefined);
  if (stats && !stats.isFile() && !stats.isSymbolicLink()) {
    const problem = stats.isDirectory() ? 'is a folder' : 'is no file'; // such as /dev/null, which must stay what it is
    throw new UserError(`${path}: ${problem}; name a file with --html`, ExitCode.io);
  }
  if (!overwrite) {
    const isOwn = (each: string) => holdsMark(each, DATA_GENERATOR, GENERATOR_WITHIN_BYTES);
    await refuseOtherFiles(folder, [name], isOwn, {
      subject: 'the page is',
      part: 'page of resnet data',
      flag: '--html',
      place: 'file',
    });
  }
  await prepareFolder(folder, [name], '--html');
}
