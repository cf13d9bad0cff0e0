/** The tool's own version. */
import { existsSync, readFileSync } from 'node:fs';

/** This tool's version, from its package.json: one folder above src/, and two above the compiled dist/src/. */
export function toolVersion(): string {
  const [file = ''] = ['../package.json', '../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .filter((url) => existsSync(url));
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
