/** What the native runtime is made from: two tools that name the same share what set-up has installed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageFolder } from '../../package-folder.ts';
import { RUNTIME_WHEELS, TENSORFLOW_VERSION } from './wheels.ts';

/** The npm packages of which set-up compiles sources: the binding, and what it and our addons include. */
const COMPILED_PACKAGES = ['@tensorflow/tfjs-node-gpu', 'node-addon-api', 'node-api-headers'];

/** To be raised when set-up makes something else of the same sources and wheels, as by another compiler flag. */
const LAYOUT = 1;

/** Folder of the C++ sources; each of this project's addons has a folder of its own in it. */
export function nativeSources(): string {
  return join(packageFolder(), 'src', 'runtime', 'native');
}

/**
 * Folder and version of an installed npm package.
 *
 * @throws Node's MODULE_NOT_FOUND error if it is not installed
 */
export function installedPackage(name: string): { folder: string; version: string } {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return { folder: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}

let identity: string | undefined;

/**
 * Hash of the platform, the wheels' pins, the addons' C++ sources, and the versions of the packages that are compiled. An
 * upgrade of the tool that changes none of them needs no new set-up. It is computed once in a process, in 2 ms.
 */
export function runtimeIdentity(): string {
  identity ??= computeIdentity();
  return identity;
}

function computeIdentity(): string {
  const platform = `${process.platform}-${process.arch}`;
  const hash = createHash('sha256');
  const versions = COMPILED_PACKAGES.map((name) => installedPackage(name).version);
  hash.update(JSON.stringify([LAYOUT, platform, TENSORFLOW_VERSION, RUNTIME_WHEELS[platform] ?? null, versions]));
  const folder = nativeSources();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(cc|h)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
