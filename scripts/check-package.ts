/**
 * `npm run check:package`: has npm say what it would publish and whether anything in the package is not as it should be,
 * installs the tarball into an empty folder, and prints what weighs there. The last line counts the faults.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf, installTarball } from './pack/installation.ts';
import { npm } from './pack/npm.ts';
import { stagePackage } from './pack/stage.ts';
import { inTemporaryFolder, makeTarball } from './pack/tarball.ts';
import { megabytes, tableOfWeights } from './pack/weights.ts';
import { interruption } from './python.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Packages that are lighter share a line. */
const LISTED_MEGABYTES = 1;

const signal = interruption();

/** What npm objects to in a package before it would publish it. A dry run needs no login, and looks at no `private`. */
async function faultsOfPublishing(folder: string): Promise<string[]> {
  mkdirSync(folder);
  stagePackage(ROOT, folder);
  const { code, stderr } = await npm(['publish', '--dry-run'], folder, signal);
  const objections = stderr.split('\n').filter((line) => /^npm (warn|error)/.test(line) && !line.includes('logged in'));
  return code === 0 ? objections : [...objections, `npm publish --dry-run failed (exit ${code})`];
}

await inTemporaryFolder(async (folder) => {
  const faults = await faultsOfPublishing(join(folder, 'staged'));
  const tarball = await makeTarball(ROOT, folder, signal);
  const target = join(folder, 'empty');
  mkdirSync(target);
  const installed = await installTarball(tarball.path, target, signal);
  faults.push(...faultsOf(installed));
  process.stdout.write(
    `${tableOfWeights(installed.weights, LISTED_MEGABYTES)}tarball: ${megabytes(tarball.bytes)} MB; installed in ` +
      `${installed.seconds.toFixed(0)} s: ${installed.packages} packages, ${installed.megabytes} MiB\n` +
      `npm said: ${installed.log}\n${faults.map((fault) => `fault: ${fault}\n`).join('')}${faults.length} faults\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
});
