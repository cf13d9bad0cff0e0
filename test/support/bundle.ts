/** Source files for processes of their own. */
import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Bundles a source file into a folder, so that a process of its own can import it from there.
 *
 * @param external the packages that stay packages
 * @returns the bundle's URL
 */
export function bundle(source: string, folder: string, external = ['@napi-rs/image']): string {
  const outfile = join(folder, `${basename(source, '.ts')}.mjs`);
  const options = [
    '--bundle',
    '--format=esm',
    '--platform=node',
    ...external.map((name) => `--external:${name}`),
    // Packages of CommonJS ask for a `require`, which no module of ECMAScript has; a source may declare its own.
    "--banner:js=import { createRequire as make } from 'node:module'; globalThis.require ??= make(import.meta.url);",
    '--log-level=error',
    `--outfile=${outfile}`,
  ];
  execFileSync('node_modules/.bin/esbuild', [source, ...options]);
  return pathToFileURL(outfile).href;
}
