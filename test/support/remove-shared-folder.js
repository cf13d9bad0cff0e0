/** After all tests: removes the folder that `make-shared-folder.js` made. */
import { rmSync } from 'node:fs';

export default function removeSharedFolder() {
  const folder = process.env.RESNET_SHARED_TEST_FOLDER;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
