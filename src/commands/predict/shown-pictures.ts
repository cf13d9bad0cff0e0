/** The files of `resnet predict --show`: what the network saw of each picture. */
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../../checkpoint/atomic-file.ts';
import { UserError } from '../../errors.ts';
import { FONT_FAMILY, imageToPng, svgToPng } from '../../image/draw.ts';
import { counted } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import { seenDrawing, seenRasters } from '../../report/seen/drawing.ts';
import { pictureNames } from '../../report/seen/file-names.ts';
import type { Seen } from '../../report/seen/seen.ts';
import { prepareFolder } from '../../run/folder/run-folder.ts';
import type { LiveLine } from '../live-line.ts';
import { holdsMark, refuseOtherFiles } from '../output-folder.ts';

/** The software in the EXIF data of the files: what has it may be replaced. */
const SOFTWARE = 'resnet predict --show';

/** Bytes at the beginning of a PNG file within which its EXIF data are. */
const EXIF_WITHIN_BYTES = 4096;

/** Files for pictures, in the pictures' order. */
export class ShownPictures {
  /** The file of each picture. */
  readonly #files: readonly string[];
  #next = 0;
  #written = 0;
  #first: string | undefined;
  #failure: UserError | undefined;

  private constructor(files: readonly string[]) {
    this.#files = files;
  }

  /**
   * Makes a folder ready for the files of some pictures: creates it, and refuses files of their names that are
   * another's.
   *
   * @param paths the pictures
   * @param overwrite whether other files of these names may be replaced
   * @throws UserError (io) naming the folder, or a file in it
   */
  static async prepare(folder: string, paths: readonly string[], overwrite: boolean): Promise<ShownPictures> {
    const names = pictureNames(paths);
    const isOwn = (path: string) => holdsMark(path, SOFTWARE, EXIF_WITHIN_BYTES);
    const output = { subject: 'the pictures are', part: `picture of ${SOFTWARE}`, flag: '--show' };
    if (!overwrite) await refuseOtherFiles(folder, names, isOwn, output);
    await prepareFolder(folder, names, '--show');
    return new ShownPictures(names.map((name) => join(folder, name)));
  }

  /**
   * Writes what the network saw of the next pictures. A file that cannot be written ends the writing, but not the
   * command: the answers are there.
   *
   * @param seen undefined for a picture that could not be decoded, which has no file
   * @returns the files that were written, each at its picture's place
   */
  async write(seen: readonly (Seen | undefined)[], live: LiveLine): Promise<(string | undefined)[]> {
    const written: (string | undefined)[] = [];
    for (const each of seen) {
      const file = this.#files[this.#next++]!;
      live.update(`drawing ${this.#next}/${this.#files.length}`);
      written.push(each && (await this.#write(file, each)) ? file : undefined);
    }
    return written;
  }

  /**
   * Says where the files are.
   *
   * @throws UserError (io) if one could not be written
   */
  finish(live: LiveLine): void {
    if (this.#first !== undefined) {
      const many = `${counted(this.#written, 'picture')} in ${dirname(this.#first)}`;
      live.note(`what the network saw: ${printable(this.#written === 1 ? this.#first : many)}\n`);
    }
    if (this.#failure) throw this.#failure;
  }

  /** @returns whether the file was written */
  async #write(file: string, seen: Seen): Promise<boolean> {
    if (this.#failure) return false;
    try {
      await writeShown(file, seen);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#failure = error;
      return false;
    }
    this.#first ??= file;
    this.#written += 1;
    return true;
  }
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
