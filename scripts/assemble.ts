/** Assembles a runtime from fetched libraries and compiled binaries, and links it into the npm package. */
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
 * Makes a folder of the cache with the layout of the npm package: `lib/napi-v8/*.node` (copies), `deps/lib`,
 * `deps/include` and `deps/nvidia` (links).
 *
 * A binary finds TensorFlow through its run path `$ORIGIN/../../deps/lib`, TensorFlow finds NVIDIA's libraries through
 * `$ORIGIN/../nvidia/NAME/lib`, and these find one another through `$ORIGIN/../../NAME/lib`. `$ORIGIN` is the folder
 * that a library was opened in. Therefore all these folders are real, and only the files in them are links.
 *
 * @param wheels folders of the unpacked wheels, TensorFlow's first
 * @param binaries paths of the compiled `.node` files
 * @returns path of the folder
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

/** The links of a runtime: pairs of a path in the runtime's folder and its target. */
function describeLinks([tensorflow, ...nvidia]: readonly string[]): [string, string][] {
  if (tensorflow === undefined) throw new Error('a runtime needs the wheel of TensorFlow, but got no wheel');
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

/** Makes `deps` and `lib` of the npm package links to an assembled runtime; each link changes atomically. */
export function linkIntoPackage(runtime: string): void {
  const { dependencies, binaries } = runtimeLocations();
  for (const link of [dependencies, binaries]) {
    // The package's own install script may have made a folder here; a rename cannot replace a folder.
    if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true, force: true });
    replace(link, (temporary) => symlinkSync(join(runtime, basename(link)), temporary));
  }
}

/** Writes the status file atomically. Everything that it states must be true already. */
export function writeRuntimeStatus(status: RuntimeStatus): void {
  replace(runtimeLocations().status, (temporary) => writeFileSync(temporary, `${JSON.stringify(status, null, 2)}\n`));
}

/** Replaces a file or link atomically: `make` creates it under a temporary name, which is then renamed. */
function replace(path: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  rmSync(temporary, { force: true });
  make(temporary);
  renameSync(temporary, path);
}
