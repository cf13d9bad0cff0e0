#!/usr/bin/env node
/** The command `resnet`: starts the compiled command line. */
import { existsSync } from 'node:fs';

const cli = new URL('../dist/src/cli.js', import.meta.url);
if (existsSync(cli)) {
  const { main } = await import(cli.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write('resnet: the program is not compiled yet; run npm run setup\n');
  process.exitCode = 8; // ExitCode.device of src/errors.ts, which is not compiled either
}
