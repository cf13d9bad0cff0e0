/** The classes of a tree of pictures, in the order of their labels. */
import { join } from 'node:path';
import { compareCodePoints } from '../code-points.ts';
import { dataFault } from '../files.ts';
import type { ReadOptions } from '../found.ts';
import { type NamedClasses, nameClasses } from '../labels.ts';
import { PICTURE_FORMATS } from './file-kinds.ts';
import type { TreePart } from './parts.ts';

/**
 * The classes to train on, by code points or in the order that the user wants.
 *
 * @param path the folder at the top, for messages
 * @param train the part to train on
 * @param options `classNames`: the same names in another order; default: by code points
 * @throws UserError (data) if a class is empty, there are more than 65,535, or `classNames` has other names
 */
export function orderedClasses(path: string, { prefix, classes }: TreePart, options: ReadOptions = {}): NamedClasses {
  const names = classes.map(({ name }) => name).toSorted(compareCodePoints);
  const empty = classes.filter(({ pictures }) => pictures.length === 0).map(({ name }) => name);
  const [first] = empty.toSorted(compareCodePoints);
  if (first !== undefined) {
    const others = empty.length === 1 ? '' : ` (and ${empty.length - 1} more)`;
    const advice = `put its pictures there (${PICTURE_FORMATS}), or remove the folder`;
    throw dataFault(join(path, prefix, first), `the class ${first} has no picture${others}; ${advice}`);
  }
  return nameClasses(names, options, join(path, prefix));
}
