/** Reads the header of a NumPy file: a Python dictionary of three entries, in any order. */
import { dataFault } from '../files.ts';

/** Most dimensions that NumPy has. */
const MOST_DIMENSIONS = 64;

/** What each key's value looks like; old Pythons wrote `3L` for large numbers. */
const VALUES: Readonly<Record<string, RegExp>> = {
  descr: /'([^'\\]*)'|"([^"\\]*)"/y,
  fortran_order: /(True|False)/y,
  shape: /\(((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?)\s*\)/y,
};

/**
 * Reads the dictionary `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
 *
 * @param name the array's name, for messages
 * @throws UserError (data) if the text is anything else
 */
export function npyDictionary(
  text: string,
  name: string,
): { descr: string; fortranOrder: boolean; shape: readonly number[] } {
  const found = entriesOf(text, name);
  const [descr, order, sizes] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
  if (descr === undefined || order === undefined || sizes === undefined) return damaged(name);
  const shape = (sizes.match(/\d+/g) ?? []).map(Number);
  if (shape.length > MOST_DIMENSIONS) return damaged(name);
  return { descr, fortranOrder: order === 'True', shape };
}

/** The texts of the dictionary's values. */
function entriesOf(text: string, name: string): Map<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  /** Steps over what the pattern, which is sticky, finds here. */
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  if (take(/\s*\{\s*/y) === null) return damaged(name);
  while (take(/\}\s*$/y) === null) {
    const key = take(/['"](\w+)['"]\s*:\s*/y)?.[1] ?? '';
    const pattern = Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
    if (pattern === undefined || found.has(key)) return damaged(name);
    if (key === 'descr' && text[at] === '[') throw structured(name);
    const value = take(pattern);
    if (value === null) return damaged(name);
    found.set(key, value[1] ?? value[2] ?? '');
    if (take(/\s*,\s*/y) === null && text[at] !== '}') return damaged(name);
  }
  return found;
}

function damaged(name: string): never {
  throw dataFault(name, "has a header that is not NumPy's; fetch it again, or write it by np.save");
}

function structured(name: string) {
  return dataFault(name, 'is an array of records with fields; store images and labels as two arrays of numbers');
}
