/** Tests in headless Chromium. */
import { test } from '@jest/globals';
import { BROWSER, BROWSER_NAMES } from '../../scripts/chromium.ts';

export { seePage } from '../../scripts/chromium.ts';

const isSkipped = BROWSER === undefined && process.env.RESNET_BROWSER !== 'required';
if (isSkipped)
  process.stderr.write(`skipped: tests in a browser: none of ${BROWSER_NAMES.join(', ')} is on the PATH\n`);

/** A test that needs the browser: without one it is skipped, or fails if RESNET_BROWSER=required. */
export const testInBrowser = isSkipped ? test.skip : test;
