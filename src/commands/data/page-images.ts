/** Draws the images of the page that `resnet data --html` writes. */
import type { PartName } from '../../dataset/formats/found.ts';
import { forEachIndex } from '../../dataset/prepare/in-flight.ts';
import type { Pairing } from '../../dataset/survey/duplicates.ts';
import { drawnSmall, samplesOf } from '../../dataset/survey/samples.ts';
import type { OpenedPart, Survey } from '../../dataset/survey/survey.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { thumbnailOf } from '../../image/thumbnail.ts';
import type { ClassSamples, PageImages, PagePair } from '../../report/data/page.ts';
import type { PageImage } from '../../report/data/page-figure.ts';
import type { SuspectsReport } from '../../report/data/suspects-text.ts';

/** Largest side of a drawn image in pixels. */
const SIDE_PIXELS = 96;

/** Most images whose labels a model contradicts. */
const MOST_SUSPECTS = 480;

/** Most images that are drawn of a class of a part, and of all classes of all parts. */
const [MOST_OF_A_CLASS, MOST_SAMPLES] = [6, 480];

/** Characters that all images of a page may take: noise, which no format makes small, would take more. */
const MOST_CHARACTERS = 3_500_000;

/** An image to draw. */
interface Wanted {
  readonly part: OpenedPart;
  readonly index: number;
}

/**
 * Draws the images whose labels a model contradicts, the pairs that a survey lists, and some images of each class of each
 * part. Once the page is full, images have their names alone.
 *
 * @param report what a model found, if one judged the labels
 * @param room characters that all images may take; default: 3.5 million
 */
export async function pageImages(
  survey: Survey,
  parts: ReadonlyMap<PartName, OpenedPart>,
  report?: SuspectsReport,
  room = MOST_CHARACTERS,
): Promise<PageImages> {
  const suspects = report && wantedSuspects(report, parts);
  const pairs = { equal: wantedPairs(survey.equal, parts), near: wantedPairs(survey.near, parts) };
  const classes = Math.min(survey.classes, Math.floor(MOST_SAMPLES / parts.size));
  const most = Math.min(MOST_OF_A_CLASS, Math.floor(MOST_SAMPLES / (classes * parts.size)));
  const samples = [...parts].flatMap(([name, part]) => {
    const chosen = samplesOf(part, survey.classes, most).slice(0, classes);
    return chosen.map((indices, label) => ({ name, label, images: indices.map((index) => ({ part, index })) }));
  });
  const drawings = await Drawings.of(room, [
    ...(suspects ?? []),
    ...pairs.equal.flat(),
    ...pairs.near.flat(),
    ...samples.flatMap((of) => of.images),
  ]);
  const drawnPair = ([one, other]: readonly [Wanted, Wanted]): PagePair => [drawings.image(one), drawings.image(other)];
  return {
    suspects: report && suspects && { report, images: suspects.map((each) => drawings.image(each)) },
    equal: pairs.equal.map(drawnPair),
    near: pairs.near.map(drawnPair),
    samples: samples.map(({ name, label, images }): ClassSamples => {
      return { part: name, label, images: images.map((each) => drawings.image(each)) };
    }),
  };
}

/**
 * The images that a model's list begins with. They are found by their names: the model numbers the images that it can read,
 * and the survey all. Where several have one name, they are one file.
 */
function wantedSuspects({ first }: SuspectsReport, parts: ReadonlyMap<PartName, OpenedPart>): Wanted[] {
  const listed = first.slice(0, MOST_SUSPECTS);
  const places = new Map<string, Wanted | undefined>(listed.map(({ imageName }) => [imageName, undefined]));
  for (const part of parts.values()) {
    for (const index of part.labels.keys()) {
      const name = part.nameOf(index);
      if (places.has(name)) places.set(name, { part, index });
    }
  }
  const wanted = listed.map(({ imageName }) => places.get(imageName));
  const missing = wanted.indexOf(undefined); // only if files were moved meanwhile: the list ends before
  return wanted.slice(0, missing < 0 ? wanted.length : missing) as Wanted[];
}

/** The pairs that are listed, those that contradict first. */
function wantedPairs(
  pairings: readonly Pairing[],
  parts: ReadonlyMap<PartName, OpenedPart>,
): (readonly [Wanted, Wanted])[] {
  const pairs = pairings.flatMap(({ parts: [first, second], first: listed }) => {
    const [one, other] = [parts.get(first)!, parts.get(second)!];
    return listed.map(({ indices: [a, b], contradicts }) => {
      return {
        contradicts,
        pair: [
          { part: one, index: a },
          { part: other, index: b },
        ] as const,
      };
    });
  });
  return pairs.toSorted((a, b) => Number(b.contradicts) - Number(a.contradicts)).map(({ pair }) => pair);
}

/** Drawn images. */
class Drawings {
  readonly #addresses: ReadonlyMap<Wanted, string>;

  private constructor(addresses: ReadonlyMap<Wanted, string>) {
    this.#addresses = addresses;
  }

  /** Draws images, as many as there is room for from the first on. */
  static async of(room: number, all: readonly Wanted[]): Promise<Drawings> {
    const drawn: (string | undefined)[] = Array.from({ length: all.length });
    // In the order of the data: a reader of large files keeps what it has read last.
    const order = [...all.keys()].toSorted((a, b) => all[a]!.index - all[b]!.index);
    await forEachIndex(all.length, async (place) => {
      const at = order[place]!;
      drawn[at] = await addressOf(all[at]!);
    });
    const addresses = new Map<Wanted, string>();
    let left = room;
    for (const [at, address] of drawn.entries()) {
      if (address === undefined || address.length > left) continue;
      left -= address.length;
      addresses.set(all[at]!, address);
    }
    return new Drawings(addresses);
  }

  image(wanted: Wanted): PageImage {
    const { part, index } = wanted;
    return { name: part.nameOf(index), label: part.labels[index]!, address: this.#addresses.get(wanted) };
  }
}

/** A drawn image as an address that holds all of it; undefined if its file has meanwhile changed and cannot be read. */
async function addressOf({ part, index }: Wanted): Promise<string | undefined> {
  try {
    const { type, bytes } = await thumbnailOf(await drawnSmall(part, index, SIDE_PIXELS));
    return `data:${type};base64,${bytes.toString('base64')}`;
  } catch (error) {
    if (error instanceof UserError && error.code === ExitCode.data) return undefined;
    throw error;
  }
}
