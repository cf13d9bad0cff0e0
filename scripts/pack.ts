/**
 * `npm run pack`: makes the tarball that `npm install` takes, in the current folder or the one that is named, and says
 * what weighs in it. `--json` prints that as JSON.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeTarball } from './pack/tarball.ts';
import { megabytes, partOfPackage, tableOfWeights, weighParts } from './pack/weights.ts';
import { interruption } from './python.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Parts that are lighter share a line. */
const LISTED_MEGABYTES = 0.1;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const [destination = '.'] = positionals;

if (!statSync(destination, { throwIfNoEntry: false })?.isDirectory()) {
  process.stderr.write(`${destination}: no such folder for the package; make it first\n`);
  process.exit(5);
}
const { path, bytes, files } = await makeTarball(ROOT, destination, interruption());
const parts = weighParts(files, partOfPackage);
const unpacked = parts.reduce((sum, part) => sum + part.bytes, 0);

process.stdout.write(
  values.json
    ? `${JSON.stringify({ path, bytes, unpacked, parts, files }, null, 2)}\n`
    : `${tableOfWeights(parts, LISTED_MEGABYTES)}${path}: ${megabytes(bytes)} MB, unpacked ${megabytes(unpacked)} MB in ${files.length} files\n`,
);
