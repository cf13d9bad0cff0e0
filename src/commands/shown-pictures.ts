/** The files of `resnet predict --show`: what the network saw of each picture. */
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../checkpoint/atomic-file.ts';
import { UserError } from '../errors.ts';
import { FONT_FAMILY, imageToPng, svgToPng } from '../image/draw.ts';
import { printable } from '../printable.ts';
import { counted } from '../report/numbers.ts';
import { seenDrawing, seenRasters } from '../report/seen/drawing.ts';
import { pictureNames } from '../report/seen/file-names.ts';
import type { Seen } from '../report/seen/seen.ts';
import { prepareFolder } from '../run/folder/run-folder.ts';
import type { LiveLine } from './live-line.ts';
import { holdsMark, refuseOtherFiles } from './output-folder.ts';

/** The software in the EXIF data of the files: what has it may be replaced. */
const SOFTWARE = 'resnet predict --show';

/** Bytes at the beginning of a PNG file within which its EXIF data are. */
const EXIF_WITHIN_BYTES = 4096;

/**
 * Makes a folder ready for the files of some pictures: creates it, and refuses files of their names that are another's.
 *
 * @param paths the pictures
 * @param overwrite whether other files of these names may be replaced
 * @returns the file of each picture
 * @throws UserError (io) naming the folder, or a file in it
 */
export async function prepareShown(folder: string, paths: readonly string[], overwrite: boolean): Promise<string[]> {
  const names = pictureNames(paths);
  const isOwn = (path: string) => holdsMark(path, SOFTWARE, EXIF_WITHIN_BYTES);
  const output = { subject: 'the pictures are', part: `picture of ${SOFTWARE}`, flag: '--show' };
  if (!overwrite) await refuseOtherFiles(folder, names, isOwn, output);
  await prepareFolder(folder, names, '--show');
  return names.map((name) => join(folder, name));
}

/**
 * Writes what the network saw of each picture, and says where. A file that cannot be written ends the writing, but not
 * the command: the answers are there.
 *
 * @param files the file of each picture
 * @param seen undefined for a picture that could not be decoded, which has no file
 * @param onFault called if a file cannot be written
 * @returns the files that were written, each at its picture's place
 */
export async function writeAllShown(
  files: readonly string[],
  seen: readonly (Seen | undefined)[],
  live: LiveLine,
  onFault: (error: UserError) => void,
): Promise<(string | undefined)[]> {
  const written: (string | undefined)[] = [];
  try {
    for (const [index, each] of seen.entries()) {
      live.update(`drawing ${index + 1}/${seen.length}`);
      if (each) await writeShown(files[index]!, each);
      written.push(each && files[index]);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    onFault(error);
  }
  const [first, ...more] = written.filter((file) => file !== undefined);
  if (first === undefined) return written;
  const place = more.length === 0 ? first : `${counted(1 + more.length, 'picture')} in ${dirname(first)}`;
  live.note(`what the network saw: ${printable(place)}\n`);
  return written;
}

async function writeShown(path: string, seen: Seen): Promise<void> {
  const rasters = seenRasters(seen);
  const pngs = {
    picture: await imageToPng(rasters.picture),
    image: rasters.image && (await imageToPng(rasters.image)),
  };
  const drawing = seenDrawing(seen, rasters, pngs, FONT_FAMILY);
  const bytes = await svgToPng(drawing, { scale: 1, software: SOFTWARE });
  await writeFileAtomically(path, [bytes], { size: bytes.length });
}
