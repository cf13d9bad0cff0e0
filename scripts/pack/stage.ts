/** Writes the folder that becomes the tarball: compiled code and its types, C++ sources, pages, and pruned copies of some packages. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DECLARATIONS_FILE, declarations } from '../api/declarations.ts';
import { BUNDLED } from './bundled.ts';
import { filesBelow } from './files.ts';
import { copyBundled, readManifest } from './prune.ts';

/** Parts of the clone that are packed as they are. */
const PARTS = ['bin', join('dist', 'src'), 'docs', 'examples', 'models', 'CHANGELOG.md', 'CONTRIBUTING.md'];

/** What npm packs of every package, whatever its `files` says. */
const ALWAYS_PACKED = ['LICENSE', 'README.md'];

/** The C++ sources that set-up compiles at first use. */
const NATIVE_SOURCES = join('src', 'runtime', 'native');

/**
 * Writes the package into an empty folder.
 *
 * @param root the clone's folder, with dist/ up to date
 * @param folder the folder
 * @throws Error if a bundled package is not as it is expected
 */
export function stagePackage(root: string, folder: string): void {
  const parts = PARTS.filter((name) => existsSync(join(root, name)));
  for (const name of [...parts, ...ALWAYS_PACKED]) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const path of filesBelow(join(root, NATIVE_SOURCES)).filter((name) => /\.(cc|h)$/.test(name))) {
    const target = join(folder, NATIVE_SOURCES, path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, NATIVE_SOURCES, path), target);
  }
  writeFileSync(join(folder, DECLARATIONS_FILE), declarations().types);
  copyBundled(root, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packedManifest(root, parts), null, 2)}\n`);
}

/** The clone's package.json without what only a clone has, and with the names of the packages that are bundled. */
function packedManifest(root: string, parts: readonly string[]): object {
  const { scripts: _scripts, devDependencies: _development, overrides: _overrides, ...manifest } = readManifest(root);
  // A bundled package brings along those bundled that it depends on; the stand-in of the clone is one of them.
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(
    ([, version]) => !version.startsWith('file:'),
  );
  return {
    ...manifest,
    files: [...parts, DECLARATIONS_FILE, NATIVE_SOURCES],
    dependencies: Object.fromEntries(dependencies),
    bundleDependencies: dependencies.map(([name]) => name).filter((name) => Object.hasOwn(BUNDLED, name)),
  };
}
