/** The classes of a tree of pictures, in the order of their labels. */
import { join } from 'node:path';
import { ExitCode, UserError } from '../../../errors.ts';
import { compareCodePoints } from '../code-points.ts';
import { MOST_CLASSES } from '../found.ts';
import { PICTURE_FORMATS } from './file-kinds.ts';
import type { TreePart } from './parts.ts';

/**
 * Names of the classes to train on, by code points or in the order that the user wants.
 *
 * @param path the folder at the top, for messages
 * @param train the part to train on
 * @param wanted the same names in another order; default: by code points
 * @throws UserError (data) if a class is empty, there are more than 65,535, or `wanted` has other names
 */
export function orderedClasses(path: string, { prefix, classes }: TreePart, wanted?: readonly string[]): string[] {
  const names = classes.map(({ name }) => name).toSorted(compareCodePoints);
  const empty = classes.filter(({ pictures }) => pictures.length === 0).map(({ name }) => name);
  const [first] = empty.toSorted(compareCodePoints);
  if (first !== undefined) {
    const others = empty.length === 1 ? '' : ` (and ${empty.length - 1} more)`;
    const advice = `put its pictures there (${PICTURE_FORMATS}), or remove the folder`;
    throw new UserError(
      `${join(path, prefix, first)}: the class ${first} has no picture${others}; ${advice}`,
      ExitCode.data,
    );
  }
  if (names.length > MOST_CLASSES) {
    const advice = `at most ${MOST_CLASSES} are possible; give a folder of fewer`;
    throw new UserError(`${join(path, prefix)}: holds ${names.length} classes; ${advice}`, ExitCode.data);
  }
  if (wanted === undefined) return names;
  expectSameNames(join(path, prefix), names, wanted);
  return [...wanted];
}

function expectSameNames(path: string, names: readonly string[], wanted: readonly string[]): void {
  const fault = (problem: string) => new UserError(`${path}: ${problem}`, ExitCode.data);
  const [found, asked] = [new Set(names), new Set(wanted)];
  const extra = wanted.find((name) => !found.has(name));
  if (extra !== undefined) throw fault(`holds no folder ${extra}, which --class-names has; name each folder once`);
  const missing = names.find((name) => !asked.has(name));
  if (missing !== undefined) throw fault(`holds the class ${missing}, which --class-names lacks; add its name`);
  if (wanted.length !== asked.size) throw fault('--class-names has a name twice; name each folder once');
}
