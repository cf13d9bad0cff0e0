/** The tarball of this clone, installed by npm into an empty folder: what the tests of the package share. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Installation, installTarball } from '../../scripts/pack/installation.ts';
import { makeTarball, type Tarball } from '../../scripts/pack/tarball.ts';
import { command, type Finished } from '../support/resnet.ts';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** Never aborted: Jest ends what its tests have started. */
export const NEVER = new AbortController().signal;

/** Packages that npm has fetched before come from its cache. */
export const FROM_CACHE = ['--prefer-offline'];

/**
 * Packs this clone, as it is compiled, and installs that.
 *
 * @param folder where both go
 * @param name name of the folder to install into
 */
export async function packAndInstall(
  folder: string,
  name = 'empty',
): Promise<{ tarball: Tarball; installation: Installation }> {
  const tarball = await makeTarball(REPOSITORY, folder, NEVER);
  const target = join(folder, name);
  mkdirSync(target, { recursive: true });
  return { tarball, installation: await installTarball(tarball.path, target, NEVER, FROM_CACHE) };
}

/** `npx resnet …words` in a folder, where npx must not fetch another package of that name. */
export function npx(folder: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return command(['npx', '--no-install', 'resnet', ...words], environment, folder);
}
