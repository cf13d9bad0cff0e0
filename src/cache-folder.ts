/** The cache of fetched, compiled and decoded files: a folder outside the project, which `npm ci` does not remove. */
import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** Path of the cache: `RESNET_CACHE`, by default the platform's cache folder of the user. */
export function cacheFolder(): string {
  return resolve(process.env.RESNET_CACHE || envPaths('resnet', { suffix: '' }).cache);
}
