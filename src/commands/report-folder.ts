/** The folder that `resnet report --out` names: an earlier report in it is replaced, and no other file unasked. */
import { join } from 'node:path';
import { GENERATOR } from '../report/page/page.ts';
import { REPORT_FILES } from '../run/folder/run-files.ts';
import { holdsMark, refuseOtherFiles } from './output-folder.ts';

/** Bytes at the beginning of a page within which `GENERATOR` is. */
const GENERATOR_WITHIN_BYTES = 1024;

/** @throws UserError (io) if the folder holds a file of a report's names, but no report of this tool */
export async function expectNoOtherFiles(folder: string): Promise<void> {
  if (await holdsMark(join(folder, REPORT_FILES.report), GENERATOR, GENERATOR_WITHIN_BYTES)) return;
  const output = { subject: 'the report is', part: 'part of a report', flag: '--out' };
  await refuseOtherFiles(folder, Object.values(REPORT_FILES), async () => false, output);
}
