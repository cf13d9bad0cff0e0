/** Opens a picture file for decoding: recognises it, reads its head, and words what is wrong with it. */
import type { Metadata, Sharp } from 'sharp';
import { ExitCode, UserError } from '../errors.ts';
import { formatOf } from './format/format.ts';
import { isNetpbm, parseNetpbm } from './format/netpbm.ts';
import { loadSharp } from './sharp.ts';

/** The libvips loaders of the formats that are read. Vector formats such as SVG are not: they can load other files. */
const VIPS_LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`);

/** The types of pixels whose levels are grey levels without more being known: numbers of 8 and of 16 bits. */
const LEVEL_TYPES: readonly string[] = ['uchar', 'ushort'];

/** libvips's words for a file that may be sound, but is of a kind that it was not built for. */
const UNSUPPORTED =
  /not supported|unsupported (?!image format)|not (?:been )?(?:implemented|configured|built)|no known route|out of range|bad labq|channel limit/i;

/**
 * Largest picture that is decoded, in millions of pixels: more than most cameras take, and 512 MB at 8 bytes a pixel.
 */
export const MAX_MEGAPIXELS = 64;

/** A picture file of which the head was read. */
export interface OpenPicture {
  /** Makes a pipeline that decodes the first frame, turned upright as EXIF says: each call makes a new one. */
  readonly upright: () => Sharp;
  readonly metadata: Metadata;
  /** The format's name in a sentence, such as `a PNG`. */
  readonly format: string;
  /** The error that names the picture and its problem; `problem` begins with a verb. */
  readonly fault: (problem: string) => UserError;
  /** The error that an error of sharp's stands for. */
  readonly faultOf: (error: unknown) => UserError;
}

/**
 * Reads the head of a picture file.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @param options.ignoreProfile whether colours stay as they are stored; default: they are converted as the file's ICC
 *   profile says
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export async function openPicture(
  bytes: Buffer,
  name: string,
  { ignoreProfile = false }: { readonly ignoreProfile?: boolean } = {},
): Promise<OpenPicture> {
  const fault = (problem: string, cause?: unknown) => new UserError(`${name}: ${problem}`, ExitCode.data, { cause });
  const recognised = formatOf(bytes);
  if ('problem' in recognised) throw fault(recognised.problem);
  const format = recognised.readable;
  const faultOf = (error: unknown) =>
    error instanceof UserError ? error : fault(problemOf(error as Error, format), error);
  const sharp = await loadSharp();
  sharp.unblock({ operation: VIPS_LOADERS });
  try {
    const [input, raw] = isNetpbm(bytes) ? netpbmInput(bytes) : [bytes];
    const options = {
      failOn: 'error', // refuse damaged and truncated files; accept files that only cause libvips warnings
      limitInputPixels: MAX_MEGAPIXELS * 1e6,
      autoOrient: true,
      ignoreIcc: ignoreProfile,
      ...(raw && { raw }),
    } as const;
    const upright = () => sharp(input, options);
    const metadata = await upright().metadata();
    if (!LEVEL_TYPES.includes(metadata.depth)) {
      throw fault(`is ${format} of ${metadata.depth} pixels; save it as PNG or JPEG with 8 bits a channel`);
    }
    return { upright, metadata, format, fault, faultOf };
  } catch (error) {
    throw faultOf(error);
  }
}

/** A Netpbm picture as sharp takes pixels: this build of libvips has no loader for the format. */
function netpbmInput(bytes: Buffer) {
  const { pixels, ...raw } = parseNetpbm(bytes, MAX_MEGAPIXELS * 1e6);
  return [pixels, raw] as const;
}

/**
 * The sentence for the user that one of libvips's errors stands for. Its own text, which tells nothing about what to do,
 * stays in the error's cause.
 *
 * @param format the format that the file begins as
 */
function problemOf({ message }: Error, format: string): string {
  if (message.includes('exceeds pixel limit')) {
    return `has more than ${MAX_MEGAPIXELS} million pixels; give a smaller picture`;
  }
  if (UNSUPPORTED.test(message)) return `is ${format} of a kind that cannot be read here; save it as PNG or JPEG`;
  return `is damaged or cut off; copy it again, or save it as a new PNG or JPEG`;
}
