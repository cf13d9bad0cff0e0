/** Reads the weights of classes from a text file: the file of `--class-weights`. */
import { classWeight } from '../../value-kinds.ts';
import { readLines } from './class-names-file.ts';
import { dataFault } from './files.ts';
import { MOST_CLASSES } from './found.ts';

/** Largest size of the file in bytes: 65,535 names of 256 bytes, with a number each. */
const MOST_BYTES = 2 ** 25;

/** Number of classes' names that a message lists. */
const NAMES_SHOWN = 5;

/** A line of the file. */
interface WeightLine {
  readonly weight: number;
  /** The class that the line names; absent if its place tells the class. */
  readonly name?: string;
}

/** The weights in a file, for classes that are told later. */
export interface ClassWeightsFile {
  readonly path: string;
  readonly lines: readonly WeightLine[];
}

/**
 * Reads a file with a line for each class: a number from 0.000001 to 1000000, in the order of the classes, or `NAME,NUMBER`, in any order.
 * The last comma of a line separates the two, so that a name may have commas.
 *
 * @throws UserError (data) naming the file, and the line at fault
 */
export async function readClassWeights(path: string): Promise<ClassWeightsFile> {
  const lines = await readLines(path, MOST_BYTES);
  if (lines.length === 0) throw dataFault(path, 'holds no weight; write one number for each class, a line each');
  if (lines.length > MOST_CLASSES) {
    throw dataFault(path, `holds ${lines.length} weights; at most ${MOST_CLASSES} classes are possible`);
  }
  const isNamed = lines[0]!.includes(',');
  return { path, lines: lines.map((line, index) => lineOf(line, isNamed, `${path}: line ${index + 1}`)) };
}

function lineOf(line: string, isNamed: boolean, where: string): WeightLine {
  const comma = isNamed ? line.lastIndexOf(',') : -1;
  if (isNamed && comma < 0) throw dataFault(where, `expected NAME,NUMBER as in line 1, got ${JSON.stringify(line)}`);
  const text = line.slice(comma + 1);
  const weight = classWeight.parse(text);
  if (!classWeight.isValid(weight))
    throw dataFault(where, `expected ${classWeight.wanted}, got ${JSON.stringify(text)}`);
  return isNamed ? { weight, name: line.slice(0, comma) } : { weight };
}

/**
 * The weights of these classes, in their order.
 *
 * @throws UserError (data) if there is not exactly one for each class
 */
export function weightsOfClasses({ path, lines }: ClassWeightsFile, classes: readonly string[]): number[] {
  if (lines[0]?.name !== undefined) return byName(path, lines, classes);
  if (lines.length !== classes.length) {
    throw dataFault(
      path,
      `expected one number for each of the ${classes.length} classes, got ${lines.length}; write one on each line`,
    );
  }
  return lines.map(({ weight }) => weight);
}

function byName(path: string, lines: readonly WeightLine[], classes: readonly string[]): number[] {
  const known = new Set(classes);
  const lineOfName = new Map<string, number>();
  for (const [index, { name = '' }] of lines.entries()) {
    const line = index + 1;
    if (!known.has(name)) {
      const shown = classes.slice(0, NAMES_SHOWN).join(', ');
      const rest = classes.length > NAMES_SHOWN ? ', …' : '';
      throw dataFault(path, `line ${line}: no class is named ${JSON.stringify(name)}; the classes are ${shown}${rest}`);
    }
    const first = lineOfName.get(name);
    if (first !== undefined) throw dataFault(path, `lines ${first} and ${line} are both ${name}; give each class once`);
    lineOfName.set(name, line);
  }
  return classes.map((name) => {
    const line = lineOfName.get(name);
    if (line === undefined) throw dataFault(path, `has no line for the class ${name}; give each class once`);
    return lines[line - 1]!.weight;
  });
}
