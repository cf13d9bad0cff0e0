/** What the native runtime is made from: two tools that name the same share what set-up has installed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../package-folder.ts';
import { RUNTIME_WHEELS, TENSORFLOW_VERSION } from './wheels.ts';

/** To be raised when set-up makes something else of the same sources and wheels, as by another compiler flag. */
const LAYOUT = 1;

/** Folder of the C++ sources; each of this project's addons has a folder of its own in it. */
export function nativeSources(): string {
  return join(packageFolder(), 'src', 'runtime', 'native');
}

let identity: string | undefined;

/**
 * Hash of the platform, the wheels' pins and the addons' C++ sources. An upgrade of the tool that changes none of them
 * needs no new set-up. It is computed once in a process, in a millisecond.
 */
export function runtimeIdentity(): string {
  identity ??= computeIdentity();
  return identity;
}

function computeIdentity(): string {
  const platform = `${process.platform}-${process.arch}`;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([LAYOUT, platform, TENSORFLOW_VERSION, RUNTIME_WHEELS[platform] ?? null]));
  const folder = nativeSources();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(cc|h)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
