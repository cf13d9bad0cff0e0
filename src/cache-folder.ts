/** The cache of fetched, compiled and decoded files: a folder outside the project, which `npm ci` does not remove. */
import { resolve } from 'node:path';
import cachedir from 'cachedir';
import { ExitCode, UserError } from './errors.ts';

/**
 * Path of the cache: `RESNET_CACHE`, by default the platform's cache folder of the user.
 *
 * @throws UserError (io) for a user without a home, as in some containers, if the variable is not set
 */
export function cacheFolder(): string {
  if (process.env.RESNET_CACHE) return resolve(process.env.RESNET_CACHE);
  try {
    return resolve(cachedir('resnet'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'uv_os_homedir') throw error;
    throw new UserError('this user has no home for a cache: name a folder in RESNET_CACHE', ExitCode.io, {
      cause: error,
    });
  }
}
