#!/usr/bin/env node
/** The command `resnet`: starts the compiled command line. */
require('./thread-pool.js');
const { accessSync, constants } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const cli = join(__dirname, '../dist/src/cli.js');

/** Why the compiled command line cannot be started; undefined if it can. */
function problem() {
  try {
    accessSync(cli, constants.R_OK);
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EACCES') {
      return 'the program is not compiled yet; run npm run setup';
    }
    const advice = 'set up a clone of your own (npm ci && npm run setup), or have its owner run chmod -R a+rX there';
    return `${cli}: cannot be read by this user (EACCES): ${advice}`;
  }
}

const fault = problem();
if (fault === undefined) {
  import(pathToFileURL(cli).href).then(({ main }) => main(process.argv.slice(2)));
} else {
  process.stderr.write(`resnet: ${fault}\n`);
  process.exitCode = 8; // ExitCode.device of src/errors.ts, which is not compiled either
}
