/** What `resnet data --suspects` prints: how many labels the model contradicts, and the images with the surest answers. */
import { named } from '../../evaluation/class-names.ts';
import type { Suspect, SuspectedPart, Suspects } from '../../evaluation/suspects/suspects.ts';
import { grouped, percentage, shortest } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import type { Runtime } from '../../runtime/open.ts';
import { cut } from '../cut.ts';
import { runtimeLine } from '../runtime-line.ts';
import { wrapped } from '../screen.ts';
import { plainTable } from '../text-table.ts';

/** Most characters of a class's name, so that a table fits 80 columns with room for the image's name. */
const NAME_CHARACTERS = 16;

/** Characters that an image's name has at least, however narrow the terminal is. */
const FEWEST_IMAGE_CHARACTERS = 14;

/** A suspect with the name of its image. */
export interface NamedSuspect extends Suspect {
  /** Where the image comes from. */
  readonly imageName: string;
}

/** What a model found, and what it was. */
export interface SuspectsReport extends Omit<Suspects, 'first'> {
  readonly first: readonly NamedSuspect[];
  /** Path of the model's file. */
  readonly checkpoint: string;
  /** The probability that the user asked for; undefined if each class has a threshold of its own. */
  readonly leastProbability: number | undefined;
  /** The names of the model's classes, if they have any. */
  readonly classNames: readonly string[] | undefined;
  /** What computed the predictions. */
  readonly runtime: Pick<Runtime, 'backend' | 'device' | 'version'>;
}

/**
 * The whole block: what was judged by which model, how, and the images.
 *
 * @param width characters of a line
 */
export function suspectsText(report: SuspectsReport, width: number): string {
  const { parts, suspects, checkpoint, first, runtime } = report;
  const images = parts.reduce((sum, each) => sum + each.images, 0);
  const head = `labels that the model contradicts: ${grouped(suspects)} of ${grouped(images)} images`;
  return [
    `${head}\nmodel ${printable(checkpoint)}\n${runtimeLine(runtime)}\n`,
    partsTable(parts),
    suspectsExplained(report)
      .map((sentence) => wrapped(sentence.split(' ')))
      .join(''),
    listText(first, suspects, report.classNames, width),
  ]
    .filter((block) => block !== '')
    .join('\n');
}

/** What makes a suspect, and what to think of those that the model was trained on; one sentence or two each. */
export function suspectsExplained({
  leastProbability,
  parts,
}: Pick<SuspectsReport, 'leastProbability' | 'parts'>): string[] {
  const rule =
    leastProbability === undefined
      ? 'A suspect is an image that the model gives another class than its label, and as surely as it gives that class to ' +
        "the class's own images on average (confident learning, Northcutt et al. 2021)."
      : `A suspect is an image that the model gives another class than its label, with a probability of ${shortest(leastProbability)} or more.`;
  const trained = parts.filter(({ isTrainedOn }) => isTrainedOn).map(({ part }) => part);
  if (trained.length === 0) return [rule];
  const unseen = parts.filter(({ isTrainedOn }) => !isTrainedOn).map(({ part }) => part);
  const memory = `The model was trained on ${trained.join(' and ')}: of labels that it has learned by heart it contradicts few.`;
  const honest =
    unseen.length === 0 ? '' : ` ${unseen.join(' and ')} ${unseen.length === 1 ? 'is' : 'are'} judged more honestly.`;
  return [rule, memory + honest];
}

function partsTable(parts: readonly SuspectedPart[]): string {
  return plainTable({
    columns: [
      { head: 'part', align: 'left' },
      ...['images', 'contradicted', 'suspects'].map((head) => ({ head, align: 'right' as const })),
    ],
    rows: parts.map(({ part, images, contradicted, suspects }) => [
      part,
      ...[images, contradicted, suspects].map((each) => grouped(each)),
    ]),
  });
}

/** The table of the images, and how many more there are; nothing if there are none. */
function listText(
  first: readonly NamedSuspect[],
  all: number,
  classNames: SuspectsReport['classNames'],
  width: number,
): string {
  if (first.length === 0) return '';
  const rows = first.map((suspect) => {
    const { probability, labelProbability, part } = suspect;
    return [
      part,
      ...answerOf(suspect, classNames, NAME_CHARACTERS),
      percentage(probability),
      percentage(labelProbability),
    ];
  });
  const heads = ['part', 'label', 'predicted', 'probability', 'of label', 'image'];
  const taken = heads
    .slice(0, -1)
    .map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const room = width - taken.reduce((sum, each) => sum + each + 2, 0);
  const table = plainTable(
    {
      columns: heads.map((head) => ({ head, align: head === 'probability' || head === 'of label' ? 'right' : 'left' })),
      rows: rows.map((row, index) => [...row, endOf(first[index]!.imageName, Math.max(FEWEST_IMAGE_CHARACTERS, room))]),
    },
    Math.max(width, FEWEST_IMAGE_CHARACTERS + width - room),
  );
  const rest = all - first.length;
  return rest === 0 ? table : `${table}and ${grouped(rest)} more; --most ${all} lists all\n`;
}

/** The label and the predicted class by name, cut where they are very long. */
export function answerOf(
  suspect: Suspect,
  classNames: SuspectsReport['classNames'],
  most?: number,
): [label: string, predicted: string] {
  const { label, predicted, labelName, predictedName } = named<Suspect>(suspect, classNames);
  const text = (name: string | undefined, number: number) => cut(printable(name ?? String(number)), most);
  return [text(labelName, label), text(predictedName, predicted)];
}

/** The end of a name: a picture's own name counts more than its folder's. */
function endOf(name: string, most: number): string {
  const shown = printable(name);
  return shown.length <= most ? shown : `…${shown.slice(1 - most)}`;
}
