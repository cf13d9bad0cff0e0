/** Copies the bundled packages without what is never loaded: files, scripts and dependencies. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUNDLED, type BundledPackage } from './bundled.ts';
import { filesBelow } from './files.ts';

/** What is read and kept of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Files with a licence, or with whom it names. */
const LICENCE_FILES = /^(licen[cs]e.*|notice|authors|copyright.*|licenses\/.*)$/i;

/**
 * The fields of a package.json that are kept. Not `scripts` and `gypfile`, because npm runs the install scripts of
 * bundled packages too; not `bin`, `types` and `files`, because they name files that are left out.
 */
const KEPT_FIELDS = [
  'name',
  'version',
  'description',
  'license',
  'author',
  'homepage',
  'repository',
  'type',
  'main',
  'exports',
  'engines',
];

/** The licence asks that a change is said. */
const NOTE =
  'A copy for resnet: files that it never loads, scripts, and dependencies that only those need are left out.';

/** Reads a package.json. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * Copies all bundled packages from the clone.
 *
 * @param root the clone's folder
 * @param target the `node_modules` to write
 * @throws Error if a package keeps no file, as after an update that moves its files
 */
export function copyBundled(root: string, target: string): void {
  for (const [name, bundled] of Object.entries(BUNDLED)) {
    copyPackage(root, join(root, 'node_modules', bundled.from ?? name), join(target, name), bundled);
  }
}

function copyPackage(root: string, from: string, to: string, { keeps, licence = [] }: BundledPackage): void {
  // A nested node_modules belongs to other packages.
  const files = filesBelow(from).filter((path) => !path.startsWith('node_modules/'));
  const loaded = files.filter((path) => keeps.test(path));
  const licences = files.filter((path) => LICENCE_FILES.test(path));
  if (loaded.length === 0) throw new Error(`${from} has none of the files that are packed: ${keeps}`);
  for (const path of [...loaded, ...licences]) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(from, path), join(to, path));
  }
  if (licence.length > 0) writeFileSync(join(to, 'LICENSE'), licence.map((name) => readLicence(root, name)).join(''));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(prunedManifest(readManifest(from)), null, 2)}\n`);
}

function readLicence(root: string, name: string): string {
  const file = name === 'apache' ? 'LICENSE' : join('scripts', 'pack', 'licences', name);
  return readFileSync(join(root, file), 'utf8');
}

function prunedManifest(manifest: Manifest): object {
  const kept = KEPT_FIELDS.filter((field) => manifest[field] !== undefined).map((field) => [field, manifest[field]]);
  return {
    '//': NOTE,
    ...Object.fromEntries(kept),
    dependencies: onlyBundled(manifest.dependencies),
    peerDependencies: onlyBundled(manifest.peerDependencies),
  };
}

/** Those dependencies that are bundled; undefined if none is. */
function onlyBundled(dependencies: Manifest['dependencies'] = {}): Record<string, string> | undefined {
  const kept = Object.entries(dependencies).filter(([name]) => Object.hasOwn(BUNDLED, name));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
