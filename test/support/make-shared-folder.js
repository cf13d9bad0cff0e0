/**
 * Before all tests: a folder for what several files of tests share, `shared-run.ts` for one. Jest passes its name on.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function makeSharedFolder() {
  process.env.RESNET_SHARED_TEST_FOLDER = mkdtempSync(join(tmpdir(), 'resnet-shared-'));
}
