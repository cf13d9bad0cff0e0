/** Surveys a data set before training: what it holds, what cannot be read, and what it holds twice. */
import { largestLabel } from '../dataset.ts';
import type { DataFormat, FoundPart, LeftOut, PartName, ReadOptions } from '../formats/found.ts';
import { readData } from '../formats/read-data.ts';
import type { LoadHooks } from '../load.ts';
import type { BrokenPicture } from '../prepare/prepared-images.ts';
import { type Pairing, pairingsOf } from './duplicates.ts';
import { type InspectedPart, inspectPart } from './inspect.ts';
import { findEqual, nearSearch } from './same-images.ts';
import type { ImageCounts } from './tally.ts';

/** Which data are surveyed. */
export interface SurveyChoice extends Omit<ReadOptions, 'signal'> {
  /** Folder or file of the data; default: MNIST. */
  readonly path?: string | undefined;
  /** Default: found out. */
  readonly format?: DataFormat | undefined;
}

/** A part of a data set. */
export interface SurveyedPart extends ImageCounts {
  readonly part: PartName;
  /** [classes], in the order of the labels */
  readonly classes: readonly ImageCounts[];
  /** The first pictures that cannot be read. */
  readonly broken: readonly BrokenPicture[];
}

/** What a data set holds. */
export interface Survey {
  /** The path as the user gave it, or `MNIST`. */
  readonly source: string;
  readonly format: DataFormat;
  /** Number of classes: those that have names, or that bare labels may name. */
  readonly classes: number;
  /** Undefined if the labels are bare numbers. */
  readonly classNames: readonly string[] | undefined;
  /** The parts that there are, in the order train, val, test. */
  readonly parts: readonly SurveyedPart[];
  /** Images with equal bytes, for each part and each two parts. */
  readonly equal: readonly Pairing[];
  /** Images that look the same although their bytes differ, for each part and each two parts. */
  readonly near: readonly Pairing[];
  /** Whether the search for these came to its end; else there may be more of them. */
  readonly nearIsComplete: boolean;
  readonly leftOut: readonly LeftOut[];
  readonly notices: readonly string[];
}

/** A part that was surveyed. */
export interface OpenedPart extends FoundPart {
  readonly isReadable: (index: number) => boolean;
}

/** A survey, and the parts that were surveyed, to name and draw some of their images. */
export interface SurveyedData {
  readonly survey: Survey;
  readonly parts: ReadonlyMap<PartName, OpenedPart>;
}

/** The parts in the order in which they are shown. */
const PART_ORDER: readonly PartName[] = ['train', 'val', 'test'];

/**
 * Surveys a data set: reads and decodes all of it. Of each image it keeps about 300 bytes. A picture that cannot be read
 * is listed; it ends nothing.
 *
 * @param choice default: MNIST
 * @throws UserError (data) naming what is wrong with a file that holds images or labels, or with the tree of folders
 * @throws UserError (device) if sharp is not installed
 * @throws the signal's reason
 */
export async function surveyOf(choice: SurveyChoice = {}, hooks: LoadHooks = {}): Promise<SurveyedData> {
  const found = await readData(choice.path, { ...choice, signal: hooks.signal });
  const opened = new Map<PartName, FoundPart>();
  for (const part of PART_ORDER) {
    const open = found.parts[part];
    if (open) opened.set(part, await open());
  }
  const largest = Math.max(...[...opened.values()].map(({ labels }) => largestLabel(labels)));
  const named = found.classNames?.length ?? found.classes ?? choice.classes ?? 0;
  const classes = Math.max(named, largest + 1);

  const total = [...opened.values()].reduce((sum, { labels }) => sum + labels.length, 0);
  let done = 0;
  const onImage = () => hooks.onProgress?.({ doing: 'reading', done: ++done, total });
  const inspected: InspectedPart[] = [];
  for (const [part, each] of opened) {
    inspected.push(await inspectPart(part, each, classes, { onImage, signal: hooks.signal }));
  }

  const { source, format, classNames, leftOut, notices } = found;
  const parts = inspected.map(({ part, counts, classes: byClass, broken }) => {
    return { part, ...counts, broken, classes: byClass };
  });
  const compared = inspected.map((each) => ({ ...each, labels: each.found.labels }));
  const findsEqual = findEqual();
  const equal = pairingsOf(compared, findsEqual);
  const search = nearSearch(findsEqual);
  const near = pairingsOf(compared, search.find);
  const nearIsComplete = search.isComplete();
  return {
    survey: { source, format, classes, classNames, parts, equal, near, nearIsComplete, leftOut, notices },
    parts: new Map(
      inspected.map(({ part, found: each, digests }) => {
        return [part, { ...each, isReadable: (index) => digests[index] !== undefined }];
      }),
    ),
  };
}
