/** Reads the facts of a picture file's head. */
import { openPicture } from '../open-picture.ts';
import { inTurn } from './in-turn.ts';
import type { PictureFacts } from './preparation.ts';
import { HEAD_PIXELS } from './prepare-picture.ts';

/**
 * Facts about a picture file, from its head: its pixels may still be damaged.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export function pictureFacts(bytes: Buffer, name: string): Promise<PictureFacts> {
  return inTurn(async (run) => {
    const { metadata, format } = await run(HEAD_PIXELS, () => openPicture(bytes, name));
    const { height, width } = metadata.autoOrient;
    return { height, width, format: format.replace(/^an? /, '').toLowerCase() };
  });
}
