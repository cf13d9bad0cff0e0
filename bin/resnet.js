#!/usr/bin/env node
/** The command `resnet`: starts the compiled command line. */
import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/src/cli.js', import.meta.url);

/** Why the compiled command line cannot be started; undefined if it can. */
function problem() {
  const path = fileURLToPath(cli);
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EACCES') {
      return 'the program is not compiled yet; run npm run setup';
    }
    const advice = 'set up a clone of your own (npm ci && npm run setup), or have its owner run chmod -R a+rX there';
    return `${path}: cannot be read by this user (EACCES): ${advice}`;
  }
}

const fault = problem();
if (fault === undefined) {
  const { main } = await import(cli.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write(`resnet: ${fault}\n`);
  process.exitCode = 8; // ExitCode.device of src/errors.ts, which is not compiled either
}
