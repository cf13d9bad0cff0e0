/** Putting fetched libraries and compiled binaries together, and the result into the package. */

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type RuntimeStatus, runtimeLocations } from '../src/runtime/locations.ts';
import { cachedFolder } from './cache.ts';
import { tensorflowLibraries } from './wheels.ts';

/**
 * Makes a folder of the cache in the package's own layout: `lib/napi-v8/*.node` (copies), `deps/lib`, `deps/include` and
 * `deps/nvidia` (links). A binary finds TensorFlow through its run path `$ORIGIN/../../deps/lib`, that finds NVIDIA's
 * libraries through `$ORIGIN/../nvidia/NAME/lib`, and those find one another through `$ORIGIN/../../NAME/lib`. `$ORIGIN`
 * is the folder that a library was opened in, so all these folders are real ones and only the files in them are links.
 *
 * @param wheels the unpacked wheels' folders, TensorFlow's first
 * @param binaries the compiled `.node` files
 * @returns the folder
 */
export function assembleRuntime(wheels: readonly string[], binaries: readonly string[]): Promise<string> {
  const links = describeLinks(wheels);
  const content = createHash('sha256')
    .update(JSON.stringify([links, binaries]))
    .digest('hex');
  return cachedFolder(`runtimes/${content.slice(0, 16)}`, async (folder) => {
    for (const [link, target] of links) {
      mkdirSync(dirname(join(folder, link)), { recursive: true });
      symlinkSync(target, join(folder, link));
    }
    const binaryFolder = join(folder, 'lib', 'napi-v8');
    mkdirSync(binaryFolder, { recursive: true });
    for (const binary of binaries) copyFileSync(binary, join(binaryFolder, basename(binary)));
  });
}

/** @returns pairs of a link's path in the runtime's folder and its target */
function describeLinks([tensorflow, ...nvidia]: readonly string[]): [string, string][] {
  if (tensorflow === undefined) throw new Error('a runtime needs the wheel of TensorFlow');
  const inTensorflow = (name: string) => join(tensorflow, 'tensorflow', name);
  const libraries = tensorflowLibraries(process.platform).map((name): [string, string] => [
    join('deps', 'lib', name),
    inTensorflow(name),
  ]);
  const nvidiaFiles = nvidia.flatMap((wheel) =>
    readdirSync(wheel, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file): [string, string] => [join('deps', relative(wheel, file)), file]),
  );
  return [...libraries, [join('deps', 'include'), inTensorflow('include')], ...nvidiaFiles];
}

/** Makes the package's `deps` and `lib` links to an assembled runtime's; each changes in one step. */
export function linkIntoPackage(runtime: string): void {
  const { dependencies, binaries } = runtimeLocations();
  for (const link of [dependencies, binaries]) {
    // A folder here was made by the package's own install script; a rename can't replace it.
    if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true, force: true });
    replace(link, (temporary) => symlinkSync(join(runtime, basename(link)), temporary));
  }
}

/** Writes the status file; what it says has to be true already. */
export function writeRuntimeStatus(status: RuntimeStatus): void {
  replace(runtimeLocations().status, (temporary) => writeFileSync(temporary, `${JSON.stringify(status, null, 2)}\n`));
}

function replace(path: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  rmSync(temporary, { force: true });
  make(temporary);
  renameSync(temporary, path);
}
