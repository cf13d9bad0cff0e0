/**
 * Decides what the folders at the top of a tree are: classes, or the parts of a data set with classes in them. Nothing is
 * guessed from words inside names: Hugging Face's loader takes a class `crash_test` for test images and drops the rest.
 */
import { join } from 'node:path';
import { compareCodePoints } from '../code-points.ts';
import { dataFault } from '../files.ts';
import type { PartName } from '../found.ts';
import { partOf } from '../names.ts';
import { allOf, type Folder, listFolder, picturesIn, type Walk } from './walk.ts';

/** A folder that is a class. */
export interface ClassFolder {
  readonly name: string;
  /** Paths of its pictures below it, in no order. */
  readonly pictures: readonly string[];
}

/** One part of a tree of pictures. */
export interface TreePart {
  readonly part: PartName;
  /** Path from the top to the folders of classes: empty, or the part's folder and `/`. */
  readonly prefix: string;
  /** In no order; some may hold no picture. */
  readonly classes: readonly ClassFolder[];
}

/** A tree of pictures. */
export interface Tree {
  readonly parts: readonly TreePart[];
  readonly notices: readonly string[];
}

/**
 * Finds the parts and classes of a tree. The folders at the top are parts if `train` and at least one of the others are
 * there, or `train` alone, and each of them holds folders of classes: folders with pictures in them or below.
 *
 * @throws UserError (data) naming what cannot be read, or a folder that is neither clearly a part nor a class
 */
export async function readTree(top: Folder, walk: Walk): Promise<Tree> {
  const { pictures, folders } = await listFolder(top, walk);
  countUnsorted(walk, pictures.length);
  const all = await allOf(folders.map(([name, folder]) => readTopFolder(name, folder, walk)));
  const filled = all.filter(({ pictureCount }) => pictureCount > 0);
  const parts = filled.filter(({ name }) => partOf(name) !== undefined);
  const others = filled.filter((each) => !parts.includes(each));
  const train = parts.find(({ name }) => partOf(name) === 'train');
  const asClasses = { parts: [{ part: 'train' as const, prefix: '', classes: all.map(asClass) }], notices: [] };
  if (train === undefined || !holdsClasses(train) || (parts.length === 1 && others.length > 0)) return asClasses;
  const flat = parts.find((each) => !holdsClasses(each));
  if (flat === undefined) {
    const tree = treeOfParts(top, parts, others, walk);
    return { ...tree, notices: [...tree.notices, ...emptyParts(top, all)] };
  }
  if (others.length > 0) return asClasses;
  // A class named train beside one named test would be learned from what are most likely the parts of a data set.
  const advice = `sort them into folders as in ${train.name}, or move this folder elsewhere`;
  throw dataFault(join(top.path, flat.name), `its pictures are in no folder of a class; ${advice}`);
}

/** A folder at the top, as a class and as a part. */
interface TopFolder {
  readonly name: string;
  /** Pictures directly in it, in no order. */
  readonly own: readonly string[];
  readonly classes: readonly ClassFolder[];
  readonly pictureCount: number;
}

async function readTopFolder(name: string, folder: Folder, walk: Walk): Promise<TopFolder> {
  const { pictures: own, folders } = await listFolder(folder, walk);
  const classes = await allOf(
    folders.map(async ([below, each]) => ({ name: below, pictures: await picturesIn(each, walk) })),
  );
  const pictureCount = classes.reduce((sum, { pictures }) => sum + pictures.length, own.length);
  return { name, own, classes, pictureCount };
}

function holdsClasses({ classes }: TopFolder): boolean {
  return classes.some(({ pictures }) => pictures.length > 0);
}

/** The folder as one class, with all pictures below it. */
function asClass({ name, own, classes }: TopFolder): ClassFolder {
  return { name, pictures: [...own, ...classes.flatMap(belowOf)] };
}

function belowOf({ name, pictures }: ClassFolder): string[] {
  return pictures.map((path) => `${name}/${path}`);
}

function treeOfParts(top: Folder, folders: readonly TopFolder[], others: readonly TopFolder[], walk: Walk): Tree {
  const parts = folders.map(({ name, classes }) => ({ part: partOf(name)!, prefix: `${name}/`, classes }));
  for (const { part, prefix } of parts) {
    const twin = parts.find((each) => each.part === part && each.prefix !== prefix);
    if (twin === undefined) continue;
    const names = [prefix, twin.prefix].toSorted().join(' and ');
    throw dataFault(top.path, `${names} would be the same part (${part}); keep one of them`);
  }
  for (const { own } of folders) countUnsorted(walk, own.length);
  if (others.length === 0) return { parts, notices: [] };
  for (const { pictureCount } of others) walk.counts.add('pictures in folders that are no part', pictureCount);
  const list = (names: readonly string[]) => names.toSorted(compareCodePoints).join(', ');
  const [taken, left] = [list(parts.map(({ prefix }) => prefix)), list(others.map(({ name }) => `${name}/`))];
  return { parts, notices: [`${top.path}: the parts of the data set are ${taken}; left out beside them: ${left}`] };
}

/** What is said of folders that have names of parts and hold no picture: such a part is held out as if there were none. */
function emptyParts(top: Folder, all: readonly TopFolder[]): string[] {
  const empty = all.filter(({ name, pictureCount }) => pictureCount === 0 && partOf(name) !== undefined);
  if (empty.length === 0) return [];
  const names = empty.map(({ name }) => `${name}/`).toSorted(compareCodePoints);
  return [`${top.path}: no picture in ${names.join(' and ')}: images of train are held out instead`];
}

function countUnsorted(walk: Walk, pictures: number): void {
  if (pictures > 0) walk.counts.add('pictures in no class folder', pictures);
}
