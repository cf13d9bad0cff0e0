/** Makes labels of what a data set holds for them: bare numbers, or names of classes. */
import { printable } from '../../printable.ts';
import { dataFault } from './files.ts';
import { type Labels, MOST_CLASSES, type ReadOptions } from './found.ts';

/** Most classes whose labels are single bytes. */
const MOST_BYTE_CLASSES = 256;

/**
 * Labels in the narrowest type that holds them.
 *
 * @param values [count], whole numbers, each below `classes`
 * @param classes number of classes
 */
export function toLabels(values: ArrayLike<number>, classes: number): Labels {
  return classes <= MOST_BYTE_CLASSES ? Uint8Array.from(values) : Uint16Array.from(values);
}

/**
 * Labels that are bare numbers.
 *
 * @param values [count], as they are stored
 * @param options `classNames` name the numbers in order; `classes` says how many there are
 * @param nameOf where a label comes from, for messages
 * @throws UserError (data) naming the first label that is no whole number from 0, or has no class
 */
export function bareLabels(values: ArrayLike<number>, options: ReadOptions, nameOf: (index: number) => string): Labels {
  const { classNames, classes = MOST_CLASSES } = options;
  const count = Math.min(classNames?.length ?? MOST_CLASSES, classes);
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const label = values[i]!;
    if (!Number.isInteger(label) || label < 0) {
      throw dataFault(nameOf(i), `label ${label}; labels are whole numbers from 0: correct it, or leave the image out`);
    }
    if (label >= count) throw dataFault(nameOf(i), `label ${label}, ${tooLarge(options)}`);
    most = Math.max(most, label);
  }
  return toLabels(values, most + 1);
}

/** What is said of a label that has no class. */
function tooLarge({ classNames, classes }: ReadOptions): string {
  if (classNames !== undefined && classNames.length <= (classes ?? MOST_CLASSES)) {
    return `but only ${classNames.length} classes have names: name the classes from 0 on`;
  }
  if (classes !== undefined) return `but there are ${classes} classes: give a larger --classes`;
  return `but labels run to ${MOST_CLASSES - 1} at most: number the classes from 0`;
}

/** Names of classes, and the label of each. */
export interface NamedClasses {
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  readonly labelOf: ReadonlyMap<string, number>;
}

/**
 * Numbers classes that have names.
 *
 * @param found all names, in the order of the data
 * @param options `classNames`: all names in the order that the user wants, or that a model has; default: as found
 * @param source the data, for messages
 * @throws UserError (data) if a name occurs twice, there are too many, or the two sets differ: naming the first that does
 */
export function nameClasses(
  found: readonly string[],
  { classNames: wanted, modelClasses }: Pick<ReadOptions, 'classNames' | 'modelClasses'>,
  source: string,
): NamedClasses {
  if (found.length > MOST_CLASSES) {
    throw dataFault(source, `has ${found.length} classes, at most ${MOST_CLASSES} are possible; join some`);
  }
  const inData = numbered(found, source, 'is the name of two classes; give each a name of its own');
  if (wanted === undefined) return { classNames: found, labelOf: inData };
  const isOfModel = modelClasses !== undefined; // the user gave no names: they are those of a checkpoint
  const labelOf = numbered(wanted, source, 'stands twice in --class-names; name each class once');
  const unnamed = found.find((name) => !labelOf.has(name));
  if (unnamed !== undefined) {
    const problem = isOfModel
      ? 'that the model was not trained with; rename or remove it'
      : 'which --class-names lacks; add its name';
    throw dataFault(source, `holds the class "${unnamed}", ${problem}`);
  }
  const unknown = wanted.find((name) => !inData.has(name));
  if (unknown !== undefined) {
    const problem = isOfModel
      ? 'that the model was trained with; give the data that it was trained on'
      : 'which --class-names has; remove its name';
    throw dataFault(source, `holds no class "${unknown}", ${problem}`);
  }
  return { classNames: wanted, labelOf };
}

/** @returns the place of each name */
function numbered(names: readonly string[], source: string, problem: string): Map<string, number> {
  const places = new Map(names.map((name, place) => [name, place]));
  if (places.size === names.length) return places;
  const twice = names.find((name, place) => places.get(name) !== place);
  throw dataFault(source, `"${twice}" ${problem}`);
}

/** What the user is told of classes that were numbered by their names. */
export function sortedNotice(classNames: readonly string[]): string {
  const MOST_SHOWN = 10;
  const more = classNames.length > MOST_SHOWN ? `, … (${classNames.length} classes)` : '';
  const names = `${classNames.slice(0, MOST_SHOWN).join(', ')}${more}`;
  return printable(`labels are names: classes are in the order of their names: ${names}`);
}
