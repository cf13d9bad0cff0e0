/** Looks at every image of a part: reads it, decodes it, and keeps what a survey needs. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ExitCode, UserError } from '../../errors.ts';
import { pictureFacts } from '../../image/prepare/picture-facts.ts';
import type { PreparedPicture } from '../../image/prepare/preparation.ts';
import { preparePicture } from '../../image/prepare/prepare-picture.ts';
import { preparePixels } from '../../image/prepare/prepare-pixels.ts';
import type { FoundPart, PartName, PictureImages, PixelImages } from '../formats/found.ts';
import { forEachIndex } from '../prepare/in-flight.ts';
import type { BrokenPicture } from '../prepare/prepared-images.ts';
import { type ImageCounts, type ImageFacts, ImageTally } from './tally.ts';

/** The grey picture of each image by which images are found that look alike. */
export const MINIATURE = { height: 8, width: 9, channels: 1, fit: 'stretch' } as const;
const MINIATURE_BYTES = MINIATURE.height * MINIATURE.width;

/** Arrays that are looked at between two turns of the event loop: a few milliseconds. */
const ARRAYS_AT_ONCE = 64;

/** Pixels of a picture up to which it is decoded once as it is: quicker than to have it reduced, and looked at for colour. */
const MAX_WHOLE_PIXELS = 128 ** 2;

/** Most pictures of a part that cannot be read and are named. */
const LISTED_BROKEN = 20;

/** A part whose images were all looked at. */
export interface InspectedPart {
  readonly part: PartName;
  readonly found: FoundPart;
  readonly counts: ImageCounts;
  /** Counts of each class, in the order of the labels. */
  readonly classes: readonly ImageCounts[];
  /** SHA-256 of each image's pixels, or of its file's bytes, as a text of 32 bytes; undefined if it cannot be read. */
  readonly digests: readonly (string | undefined)[];
  /** [count, 8, 9]: each image as a small grey picture; zeros if it cannot be read. */
  readonly miniatures: Uint8Array;
  /** The first pictures that cannot be read, in order. */
  readonly broken: readonly BrokenPicture[];
}

/** Callbacks of `inspectPart`, and the signal that stops it. */
interface InspectHooks {
  /** Called after each image. */
  readonly onImage: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** What was found out about one image. */
interface Inspected {
  readonly facts: ImageFacts;
  readonly digest: string;
  readonly miniature: Uint8Array;
}

/**
 * Looks at every image of a part, several at the same time. A picture that cannot be read or decoded is counted and
 * named; it ends nothing.
 *
 * @param classes number of classes; each label is below it
 * @throws UserError (device) if sharp is not installed
 */
export async function inspectPart(
  part: PartName,
  found: FoundPart,
  classes: number,
  hooks: InspectHooks,
): Promise<InspectedPart> {
  const { labels, images, nameOf } = found;
  const count = labels.length;
  const all = new ImageTally();
  const tallies = Array.from({ length: classes }, () => new ImageTally());
  const digests = Array.from<string | undefined>({ length: count });
  const miniatures = new Uint8Array(count * MINIATURE_BYTES);
  const problems = new Map<number, string>();

  const keep = (index: number, { facts, digest, miniature }: Inspected) => {
    for (const tally of [all, tallies[labels[index]!]]) tally?.add(facts);
    digests[index] = digest;
    miniatures.set(miniature, index * MINIATURE_BYTES);
  };
  const look = async (index: number) => {
    try {
      if (images.kind === 'pixels') keep(index, inspectPixels(images, index));
      else keep(index, await inspectPicture(images, index, nameOf(index)));
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== ExitCode.data) throw error;
      for (const tally of [all, tallies[labels[index]!]]) tally?.addUnreadable();
      problems.set(index, error.message);
    }
    hooks.onImage();
    if (images.kind === 'pixels' && index % ARRAYS_AT_ONCE === 0) await nextTurn(); // a bar can be drawn
  };
  await forEachIndex(count, look, hooks.signal);

  const listed = [...problems].toSorted(([a], [b]) => a - b).slice(0, LISTED_BROKEN);
  return {
    ...{ part, found, digests, miniatures },
    counts: all.counts(),
    classes: tallies.map((tally) => tally.counts()),
    broken: listed.map(([index, problem]) => ({ name: nameOf(index), problem })),
  };
}

function inspectPixels(images: PixelImages, index: number): Inspected {
  const { height, width } = images;
  const pixels = pixelsOf(images, index);
  return inspected(pixels, { height, width, format: undefined }, preparePixels(pixels, images, MINIATURE));
}

async function inspectPicture({ read }: PictureImages, index: number, name: string): Promise<Inspected> {
  const bytes = await read(index);
  const facts = await pictureFacts(bytes, name);
  const { height, width } = facts;
  if (height * width > MAX_WHOLE_PIXELS) return inspected(bytes, facts, await preparePicture(bytes, name, MINIATURE));
  const own = { height, width, channels: 3 } as const;
  const { pixels } = await preparePicture(bytes, name, { ...own, fit: 'stretch' });
  return inspected(bytes, facts, preparePixels(pixels, own, MINIATURE));
}

function inspected(
  bytes: Uint8Array,
  { height, width, format }: Omit<ImageFacts, 'hasColour'>,
  { pixels, hasColour }: PreparedPicture,
): Inspected {
  const digest = createHash('sha256').update(bytes).digest().toString('latin1');
  return { facts: { height, width, format, hasColour }, digest, miniature: pixels };
}

/** The pixels of one image of an array, as a view. */
export function pixelsOf({ pixels, height, width, channels }: PixelImages, index: number): Uint8Array {
  const length = height * width * channels;
  return pixels.subarray(index * length, (index + 1) * length);
}
