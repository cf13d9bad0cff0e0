/**
 * Reads CIFAR-10 and CIFAR-100 in their binary version (https://www.cs.toronto.edu/~kriz/cifar.html): files of records,
 * each a label (CIFAR-100: a coarse one, then a fine one) and the planes red, green, blue of 32×32 pixels.
 */
import { basename, dirname, join } from 'node:path';
import { allocate, dataFault, fileBytes, namesIn, readBytes } from './files.ts';
import type { FoundData, FoundPart, OpenPart, PartName, ReadOptions } from './found.ts';
import { bareLabels, nameClasses, toLabels } from './labels.ts';
import { LIMITS, type Limits } from './limits.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const CHANNELS = 3;

/** How each of the two data sets is laid out. */
interface Layout {
  readonly title: string;
  /** Bytes of labels before the pixels, of which the last is used. */
  readonly labelBytes: number;
  /** Name of the file that holds the names of the classes, one a line. */
  readonly namesFile: string;
  readonly files: Readonly<Record<Exclude<PartName, 'val'>, RegExp>>;
  /** Folder that the archive unpacks to. */
  readonly folder: string;
  /** Names of the files of the version for Python. */
  readonly pickles: readonly string[];
}

const LAYOUTS: readonly Layout[] = [
  {
    title: 'CIFAR-10',
    labelBytes: 1,
    namesFile: 'batches.meta.txt',
    files: { train: /^data_batch_\d+\.bin$/, test: /^test_batch\.bin$/ },
    folder: 'cifar-10-batches-bin',
    pickles: ['data_batch_1', 'batches.meta'],
  },
  {
    title: 'CIFAR-100',
    labelBytes: 2,
    namesFile: 'fine_label_names.txt',
    files: { train: /^train\.bin$/, test: /^test\.bin$/ },
    folder: 'cifar-100-binary',
    pickles: ['train', 'test', 'meta'],
  },
];

/** A folder that holds one of the two data sets. */
interface FoundLayout {
  readonly layout: Layout;
  readonly folder: string;
  readonly names: readonly string[];
  /** Whether it is the version for Python. */
  readonly pickled: boolean;
}

/** Finds the files in a folder, or in the folder in it that the archive unpacks to. */
async function findLayout(path: string): Promise<FoundLayout | undefined> {
  for (const folder of [path, ...LAYOUTS.map((layout) => join(path, layout.folder))]) {
    const names = await namesIn(folder, 'files');
    const layout = LAYOUTS.find(({ files }) => names.some((name) => files.train.test(name)));
    if (layout !== undefined) return { layout, folder, names, pickled: false };
    const pickled = LAYOUTS.find(({ pickles }) => pickles.every((name) => names.includes(name)));
    if (pickled !== undefined) return { layout: pickled, folder, names, pickled: true };
  }
  return undefined;
}

/** Whether a folder's names are those of CIFAR-10 or CIFAR-100, also of the version for Python, which is refused. */
export async function looksLikeCifar(path: string): Promise<boolean> {
  return (await findLayout(path)) !== undefined;
}

/**
 * Reads a folder of CIFAR-10 or CIFAR-100, binary version: any number of `data_batch_N.bin` with `test_batch.bin`, or
 * `train.bin` with `test.bin`. The names of the classes come from the file of names beside them, if it is there.
 *
 * @param path the folder
 * @param options `classNames` orders the classes, or names the numbers if there is no file of names
 * @throws UserError (data) naming the file, and the record at fault
 */
export async function readCifar(path: string, options: ReadOptions = {}, limits: Limits = LIMITS): Promise<FoundData> {
  const found = await findLayout(path);
  if (found === undefined) {
    throw dataFault(path, 'holds neither data_batch_1.bin nor train.bin; give the folder of CIFAR, binary version');
  }
  const { layout, folder, names, pickled } = found;
  if (pickled) {
    const advice = `fetch the binary version, which unpacks to ${layout.folder}`;
    throw dataFault(path, `is ${layout.title} for Python, whose pickles are never executed; ${advice}`);
  }
  const classes = names.includes(layout.namesFile) ? await readNames(join(folder, layout.namesFile)) : undefined;
  const named = classes && nameClasses(classes, options, join(folder, layout.namesFile));
  const opener = (part: 'train' | 'test'): OpenPart | undefined => {
    const files = names.filter((name) => layout.files[part].test(name)).map((name) => join(folder, name));
    const labelOf = classes?.map((name) => named?.labelOf.get(name) ?? 0);
    return files.length === 0 ? undefined : () => openPart(files, layout, { labelOf, options, limits });
  };
  const [train, test] = [opener('train'), opener('test')];
  return {
    format: 'cifar',
    source: path,
    classNames: named?.classNames ?? options.classNames,
    parts: { train: train!, ...(test && { test }) },
    notices:
      named || options.classNames ? [] : [`${layout.namesFile} is missing in ${folder}: the classes are numbers`],
    leftOut: [],
  };
}

/** Names of the classes: the lines of a text that are not empty. */
async function readNames(path: string): Promise<string[]> {
  const MOST_BYTES = 2 ** 20;
  const text = (await readBytes(path, MOST_BYTES)).toString('utf8');
  const names = text.split(/\r?\n/).map((line) => line.trim());
  return names.filter((name) => name !== '');
}

/** How the labels of a part are read. */
interface LabelRule {
  /** The label of each label in the files; undefined if those are bare numbers. */
  readonly labelOf: readonly number[] | undefined;
  readonly options: ReadOptions;
  readonly limits: Limits;
}

/** Reads the files of a part, one after the other. */
async function openPart(files: readonly string[], layout: Layout, rule: LabelRule): Promise<FoundPart> {
  const { labelOf, options, limits } = rule;
  const recordBytes = layout.labelBytes + CHANNELS * PLANE;
  const counts: number[] = [];
  for (const file of files) counts.push(await countRecords(file, recordBytes, layout));
  const count = counts.reduce((sum, each) => sum + each, 0);
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((sum, each) => sum + each, 0));
  const placeOf = (index: number) => {
    const file = starts.findLastIndex((start) => start <= index);
    return { file: files[file]!, record: index - starts[file]! };
  };
  const nameOf = (index: number) => `${basename(placeOf(index).file)} record ${placeOf(index).record}`;
  const titleOf = (index: number) => `${placeOf(index).file}: record ${placeOf(index).record}`;

  const pixels = new Uint8Array(allocate(count * CHANNELS * PLANE, limits.arrayBytes, dirname(files[0]!)).buffer);
  const stored = new Uint8Array(count);
  for (const [i, file] of files.entries()) {
    const bytes = await readBytes(file, limits.arrayBytes);
    if (bytes.length !== counts[i]! * recordBytes) throw dataFault(file, 'changed while it was read; read it again');
    unpackRecords(bytes, layout.labelBytes, { pixels, labels: stored, from: starts[i]! });
  }
  const images = { kind: 'pixels', pixels, height: SIDE, width: SIDE, channels: CHANNELS } as const;
  if (labelOf === undefined) return { labels: bareLabels(stored, options, titleOf), images, nameOf };
  const unnamed = stored.findIndex((label) => label >= labelOf.length);
  if (unnamed >= 0) {
    const problem = `label ${stored[unnamed]}, but ${layout.namesFile} names ${labelOf.length} classes`;
    throw dataFault(titleOf(unnamed), `${problem}; fetch both again`);
  }
  return {
    labels: toLabels(
      stored.map((label) => labelOf[label]!),
      labelOf.length,
    ),
    images,
    nameOf,
  };
}

/** Number of records in a file. */
async function countRecords(file: string, recordBytes: number, { title }: Layout): Promise<number> {
  const size = await fileBytes(file);
  if (size > 0 && size % recordBytes === 0) return size / recordBytes;
  const problem = `holds ${size} bytes, not a whole number of ${title}'s records of ${recordBytes} bytes`;
  throw dataFault(file, `${problem}; fetch it again`);
}

/** Takes the records of a file apart: planes of red, green and blue become pixels of three values. */
function unpackRecords(
  bytes: Uint8Array,
  labelBytes: number,
  to: { readonly pixels: Uint8Array; readonly labels: Uint8Array; readonly from: number },
): void {
  const recordBytes = labelBytes + CHANNELS * PLANE;
  for (let record = 0; record < bytes.length / recordBytes; record++) {
    const begin = record * recordBytes + labelBytes;
    to.labels[to.from + record] = bytes[begin - 1]!;
    let at = (to.from + record) * CHANNELS * PLANE;
    for (let pixel = begin; pixel < begin + PLANE; pixel++) {
      for (let channel = 0; channel < CHANNELS; channel++) to.pixels[at++] = bytes[pixel + channel * PLANE]!;
    }
  }
}
