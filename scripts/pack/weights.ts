/** What weighs: the bytes of files, summed up by the packages and folders that they are in. */
import { tableLine } from '../table-line.ts';

/** A file of a package. */
export interface PackedFile {
  /** Its path in the package. */
  readonly path: string;
  readonly bytes: number;
}

/** A part and its weight. */
export interface Weight {
  readonly part: string;
  readonly bytes: number;
  readonly files: number;
}

/** The weights of the parts that files belong to, the heaviest first. */
export function weighParts(files: readonly PackedFile[], partOf: (path: string) => string): Weight[] {
  const weights = new Map<string, Weight>();
  for (const { path, bytes } of files) {
    const part = partOf(path);
    const before = weights.get(part) ?? { part, bytes: 0, files: 0 };
    weights.set(part, { part, bytes: before.bytes + bytes, files: before.files + 1 });
  }
  return [...weights.values()].sort((a, b) => b.bytes - a.bytes);
}

/** The part of a package that a file is in: a bundled package, a folder, or the file itself. */
export function partOfPackage(path: string): string {
  const [, bundled] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  if (bundled !== undefined) return bundled;
  const [top = '', second = ''] = path.split('/');
  return top === 'dist' ? `${top}/${second}` : top;
}

/**
 * The weights as a table in Markdown; the parts that are lighter than `listedMegabytes` share its last line.
 */
export function tableOfWeights(weights: readonly Weight[], listedMegabytes: number): string {
  const light = weights.filter(({ bytes }) => bytes < listedMegabytes * 1e6);
  const others: Weight = {
    part: `${light.length} others`,
    bytes: light.reduce((sum, { bytes }) => sum + bytes, 0),
    files: light.reduce((sum, { files }) => sum + files, 0),
  };
  const rows = [...weights.filter((weight) => !light.includes(weight)), ...(light.length > 0 ? [others] : [])];
  const lines = rows.map(({ part, bytes, files }) => tableLine([part, `${files}`, megabytes(bytes)]));
  return ['| part | files | MB |', '|---|---:|---:|', ...lines, ''].join('\n');
}

/** Bytes as megabytes, such as 12.3. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
