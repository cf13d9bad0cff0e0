/** Assembles a runtime from fetched libraries and compiled binaries, and writes down which one the tool uses. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { type RuntimeStatus, statusFile } from '../runtime/installed/locations.ts';
import { tensorflowLibraries } from '../runtime/installed/wheels.ts';
import { cachedFolder } from './cache.ts';

/**
 * Makes a folder of the cache with the layout of `locationsIn`: `lib/napi-v8/*.{node,so}` (copies), `deps/lib`,
 * `deps/include` and `deps/nvidia` (links).
 *
 * A binary finds TensorFlow through its run path `$ORIGIN/../../deps/lib`, TensorFlow finds NVIDIA's libraries through
 * `$ORIGIN/../nvidia/NAME/lib`, and these find one another through `$ORIGIN/../../NAME/lib`. `$ORIGIN` is the folder
 * that a library was opened in. Therefore all these folders are real, and only the files in them are links.
 *
 * @param wheels folders of the unpacked wheels, TensorFlow's first
 * @param binaries paths of the compiled files
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

/**
 * Writes the status of this tool's runtime; the file changes by one rename. Everything that it states must be true
 * already.
 */
export async function writeRuntimeStatus(status: RuntimeStatus): Promise<void> {
  const path = statusFile();
  const temporary = `${path}.${process.pid}`;
  await makeFolder(dirname(path));
  try {
    writeFileSync(temporary, `${JSON.stringify(status, null, 2)}\n`);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
