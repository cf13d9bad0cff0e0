/** Hints of the tool when npx has called it, offline. */
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { hintOf } from '../support/hint.ts';
import { BINARY } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const clone = dirname(dirname(BINARY));
/** npm links the clone into this folder, not into the user's own. */
const offline = { npm_config_cache: join(folder, 'npm'), npm_config_offline: 'true' };

test.each([clone, join(clone, 'docs')])('a hint calls the tool npx resnet in %s, where npx finds it', async (cwd) => {
  expect(await hintOf(['npx', 'resnet'], offline, cwd)).toBe('npx resnet');
});

test('a hint never calls it npx resnet in a folder where npx would fetch another package', async () => {
  expect(await hintOf(['npx', '--package', clone, 'resnet'], offline, folder)).toBe(`node ${BINARY}`);
});
