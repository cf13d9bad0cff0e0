/** Reads a tree of pictures: a folder a class, perhaps in the folders `train`, `val` and `test`. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readImageBytes } from '../../image/read-bytes.ts';
import { compareCodePoints } from './code-points.ts';
import { dataFault } from './files.ts';
import { orderedClasses } from './folder/classes.ts';
import { LeftOutCounts } from './folder/left-out.ts';
import { readTree, type TreePart } from './folder/parts.ts';
import { listFolder, MOST_FOLDERS, openFolder, picturesIn } from './folder/walk.ts';
import type { FoundData, FoundPart, ReadOptions } from './found.ts';
import { toLabels } from './labels.ts';

/**
 * Whether a path leads to a folder with a folder that holds a picture, directly or below.
 *
 * @throws UserError (data) naming what cannot be read; the signal's reason
 */
export async function looksLikeFolder(path: string, signal?: AbortSignal): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return false;
  const walk = { counts: new LeftOutCounts(), foldersLeft: MOST_FOLDERS, signal };
  const { folders } = await listFolder(await openFolder(path), walk);
  for (const [, folder] of folders) {
    if ((await picturesIn(folder, walk)).length > 0) return true;
  }
  return false;
}

/**
 * Reads a tree of pictures. A picture in nested folders counts for the topmost one: `cat/sub/1.png` is of class `cat`.
 * Classes are in the order of their names by code points, as torchvision has them, or in the order of
 * `options.classNames`; pictures are in the order of their paths by code points. Links are followed.
 *
 * @param path the folder; pictures are read when they are asked for, and only their names now
 * @param mostFolders most folders that are looked at; default: a million
 * @throws UserError (data) naming the folder or class at fault; the signal's reason
 */
export async function readFolder(
  path: string,
  options: ReadOptions = {},
  mostFolders = MOST_FOLDERS,
): Promise<FoundData> {
  const counts = new LeftOutCounts();
  const walk = { counts, foldersLeft: mostFolders, signal: options.signal };
  const { parts, notices } = await readTree(await openFolder(path), walk);
  const train = parts.find(({ part }) => part === 'train');
  if (train === undefined || train.classes.length === 0) {
    const advice = 'make a folder for each class, and put its pictures there';
    throw dataFault(path, `holds no folder of a class; ${advice}`);
  }
  const { classNames, labelOf } = orderedClasses(path, train, options);
  const opened = parts.map((part) => {
    expectClasses(path, part, labelOf);
    return [part.part, async () => openPart(path, part, labelOf)] as const;
  });
  return {
    format: 'folder',
    source: path,
    classNames,
    parts: Object.fromEntries(opened) as unknown as FoundData['parts'],
    notices: [...notices, ...nestedNotice(path, train)],
    leftOut: counts.list(),
  };
}

/** Checks that a part has no class that the training part lacks. An empty folder is no class here. */
function expectClasses(path: string, { part, prefix, classes }: TreePart, known: ReadonlyMap<string, number>): void {
  const filled = classes.filter(({ pictures }) => pictures.length > 0).map(({ name }) => name);
  const [unknown] = filled.filter((name) => !known.has(name)).toSorted(compareCodePoints);
  if (unknown === undefined) return;
  const advice = `the folders of ${part} must have names of classes to train on; rename or remove this one`;
  throw dataFault(join(path, prefix, unknown), `the class ${unknown} is not in train; ${advice}`);
}

function openPart(path: string, { prefix, classes }: TreePart, labelOf: ReadonlyMap<string, number>): FoundPart {
  const pictures = classes.flatMap(({ name, pictures }) =>
    pictures.map((below) => ({ path: `${name}/${below}`, label: labelOf.get(name)! })),
  );
  pictures.sort((a, b) => compareCodePoints(a.path, b.path));
  const paths = pictures.map((picture) => prefix + picture.path);
  return {
    labels: toLabels(
      pictures.map(({ label }) => label),
      labelOf.size,
    ),
    images: { kind: 'pictures', read: (index) => readImageBytes(join(path, paths[index]!)) },
    nameOf: (index) => paths[index]!,
  };
}

/** Says where a class has only pictures in nested folders, which can be classes one folder too high. */
function nestedNotice(path: string, { prefix, classes }: TreePart): string[] {
  const nested = classes.filter(({ pictures }) => pictures.every((below) => below.includes('/')));
  const [first] = nested.toSorted((a, b) => compareCodePoints(a.name, b.name));
  if (first === undefined) return [];
  const example = `${prefix}${first.name}/${first.pictures.toSorted(compareCodePoints)[0]}`;
  const advice = classes.length > 1 ? '' : `; if its folders are the classes, give ${join(path, prefix, first.name)}`;
  return [`nested folders count for their top folder: ${example} is of the class ${first.name}${advice}`];
}
