/** The folder of this package, from the source and from what is compiled of it. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with this tool's package.json: one above src/, and two above the compiled dist/src/. */
export function packageFolder(): string {
  const files = ['../package.json', '../../package.json'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const [file = ''] = files.filter((path) => existsSync(path));
  return dirname(file);
}
