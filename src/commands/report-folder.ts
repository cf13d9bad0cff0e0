/** The folder that `resnet report --out` names: an earlier report in it is replaced, and no other file unasked. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { GENERATOR } from '../report/page/page.ts';
import { REPORT_FILES } from '../run/folder/run-files.ts';

/** @throws UserError (io) if the folder holds a file of a report's names, but no report of this tool */
export async function expectNoOtherFiles(folder: string): Promise<void> {
  const page = await readFile(join(folder, REPORT_FILES.report), 'utf8').catch(() => '');
  if (page.includes(GENERATOR)) return;
  for (const name of Object.values(REPORT_FILES)) {
    const path = join(folder, name);
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    const advice = 'give --overwrite to replace it, or another folder with --out';
    throw new UserError(
      `the report is not written, because ${path} exists and is no part of a report; ${advice}`,
      ExitCode.io,
    );
  }
}
