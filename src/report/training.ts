/** The text output of `resnet train`, except the table of epochs and the live line. */
import { join } from 'node:path';
import { calledAs, shellPath } from '../called-as.ts';
import { normalisationValues, USUAL_NORMALISATION } from '../dataset/normalisation.ts';
import { counted, grouped, lossText, percentage, settingText } from '../numbers.ts';
import { printable } from '../printable.ts';
import { RUN_FILES } from '../run/folder/run-files.ts';
import { RECIPE_SETTINGS } from '../run/recipes.ts';
import type { EndEvent, Resumed, StartEvent } from '../run/run-events.ts';
import { type RunSettings, SETTINGS } from '../run/settings.ts';
import { type Chance, isClearlyWorse } from '../training/chance.ts';
import type { StepEvent, ThawEvent } from '../training/events.ts';
import { measureText } from './best-epoch.ts';
import { cut } from './cut.ts';
import { dataLine, usedOf } from './runtime-line.ts';
import { wrapped } from './screen.ts';

/** The normalisation that needs no word. */
const USUAL = normalisationValues(USUAL_NORMALISATION);

/** Number of classes whose names are printed before training. */
const CLASSES_SHOWN = 20;

/** Most characters of a class's name. */
const MAX_NAME_CHARACTERS = 40;

/** The network's line, for example `network ResNet-18 (lesson, stem imagenet, width 64): 11,178,378 parameters`. */
export function networkLine({ architecture, parameters }: Pick<StartEvent, 'architecture' | 'parameters'>): string {
  const { depth, variant, stem, width } = architecture;
  return `network ResNet-${depth} (${variant}, stem ${stem}, width ${width}): ${grouped(parameters)} parameters\n`;
}

/** The line about workers, for example `workers: batch norm by each part of a batch, gradients sent as float32`. */
export function workersLine({ workers, syncBatchNorm, reduce }: StartEvent): string {
  if (workers === undefined) return '';
  return `workers: batch norm by ${syncBatchNorm ? 'the whole' : 'each part of a'} batch, gradients sent as ${reduce}\n`;
}

/** The line about frozen parts, for example `frozen stem, stage1 until epoch 3: 11,017,034 parameters are trained`. */
export function frozenLine({ frozen }: Pick<StartEvent, 'frozen'>): string {
  if (frozen === undefined) return '';
  const { parts, trained, thawAt } = frozen;
  const until = thawAt === undefined ? '' : ` until epoch ${thawAt}`;
  return wrapped(`frozen ${parts.join(', ')}${until}: ${grouped(trained)} parameters are trained`.split(' '));
}

/** The line about weights of classes, for example `classes weigh 0.25 to 4 in the training loss`. */
export function classWeightsLine({ classWeights }: Pick<StartEvent, 'classWeights'>): string {
  if (classWeights === undefined) return '';
  const [smallest, largest] = classWeights.map((weight) => Number(weight.toPrecision(3)));
  return `classes weigh ${smallest} to ${largest} in the training loss\n`;
}

/** The line about the first epoch in which everything is trained. */
export function thawLine({ epoch }: Pick<ThawEvent, 'epoch'>): string {
  return `epoch ${epoch}: the frozen parts are trained from here on\n`;
}

/** The data's line, for example `data MNIST: 55,000 training images, 5,000 for validation`. */
export function trainingDataLine({
  data,
  architecture,
  trainImages,
  validationImages,
}: Pick<StartEvent, 'data' | 'architecture' | 'trainImages' | 'validationImages'>): string {
  const { source, transposed, split } = data;
  const training = usedOf(trainImages, split.train, 'training images');
  const validation = usedOf(validationImages, split.val, 'for validation');
  const test = split.test === undefined ? [] : [`${grouped(split.test)} held out for test`];
  const images = [training, validation, ...test].join(', ');
  return dataLine(source, transposed ? ', transposed' : '', images) + ownDataLines(data, architecture.classes);
}

/** Two lines about data that are not as MNIST's: their classes, and how pictures become images. */
function ownDataLines(data: StartEvent['data'], classes: number): string {
  const { classNames, classSizes, duplicates = 0, input, normalisation, preparation, padded } = data;
  if (input === undefined || normalisation === undefined) return '';
  if (!classNames && !preparation && String(normalisation) === String(USUAL)) return '';
  const half = normalisation.length / 2;
  const statistics = `mean ${normalisation.slice(0, half).join(', ')}, deviation ${normalisation.slice(half).join(', ')}`;
  const { fit = 'pad' } = preparation ?? {};
  const fitText = fit === 'pad' ? (padded ? ' (padded)' : '') : ` (${fit})`;
  const twice = duplicates === 0 ? '' : ` ${counted(duplicates, 'exact duplicate')},`;
  const images = `images ${input.join('×')}${fitText},${twice} normalised by ${statistics}`;
  return `${classesLine(classes, classNames, classSizes)}${wrapped(images.split(' '))}`;
}

/** How many classes there are, training images of each, and names: `classes 2, 45 to 52 training images each: ant, bee`. */
function classesLine(
  count: number,
  names: StartEvent['data']['classNames'],
  sizes: StartEvent['data']['classSizes'],
): string {
  if (names === undefined && sizes === undefined) return '';
  const [smallest = 0, largest = 0] = sizes ?? [];
  const range = smallest === largest ? grouped(smallest) : `${grouped(smallest)} to ${grouped(largest)}`;
  const text = `classes ${grouped(count)}${sizes ? `, ${range} training images each` : ''}${names ? ':' : ''}`;
  return wrapped([
    ...text.split(' '),
    ...listed(names?.map((name) => cut(printable(name), MAX_NAME_CHARACTERS)) ?? []),
  ]);
}

/** Names of classes as a text has them; of many the first. */
function listed(names: readonly string[]): string[] {
  const shown = names.slice(0, CLASSES_SHOWN);
  const rest = names.length - shown.length;
  return [...shown.map((name, index) => (index < names.length - 1 ? `${name},` : name)), ...(rest > 0 ? ['…'] : [])];
}

/** The warning about pictures that were skipped, of which the run's log lists all. */
export function skippedText(first: { readonly problem: string }, count: number): string {
  return `${counted(count, 'picture')} skipped that cannot be read; events.ndjson lists them; the first: ${first.problem}`;
}

/** The settings that a recipe chooses, as the run has them: flags in lines of at most 80 characters. */
export function recipeLines(settings: Partial<RunSettings>): string {
  const flags = RECIPE_SETTINGS.flatMap((name) => {
    return settings[name] === undefined ? [] : [`--${SETTINGS[name].flag} ${settingText(settings[name])}`];
  });
  return wrapped([`recipe ${settings.recipe ?? 'none'}:`, ...flags]);
}

/** The lines about a resumed run: the checkpoint, the position, and the settings that have changed. */
export function resumedLines(
  { checkpoint, epoch, batch, batches, changes, recomputed }: Resumed,
  step: number,
): string {
  const next = batch < batches ? `step ${batch + 1} of ${batches}` : 'validation';
  const position = `resuming from ${printable(checkpoint)}\n  at epoch ${epoch}, ${next} (${step} steps done)\n`;
  const changed = changes.map(({ name, from, to }) => {
    const before = from === null ? 'not given' : settingText(from);
    return `${printable(`${name} was ${before} and is now ${settingText(to)}`)}\n`;
  });
  const schedule = recomputed ? `the ${recomputed} schedule is recomputed from step ${step + 1} on\n` : '';
  return position + changed.join('') + schedule;
}

/** The line about a run that has no epoch left to train. */
export function finishedLine(
  checkpoint: string,
  trained: number,
  { epochs, patience }: Pick<RunSettings, 'epochs' | 'patience'>,
): string {
  const [flag, value] = trained < epochs ? ['--patience', patience] : ['--epochs', epochs];
  const state = `${counted(trained, 'epoch')} trained, and ${flag} is ${value}`;
  const text = `belongs to a finished run: ${state}; resume with a larger ${flag} to train more`;
  return wrapped([printable(checkpoint), ...text.split(' ')]);
}

/**
 * The last lines of a run: its time and memory, its best epoch, and the command that tests it.
 *
 * @param worker which of several workers this process is, whose memory it is; default: it trains alone
 */
export function endLines(
  { best, bestBy, early, chance, checkpoint, seconds, savingSeconds, peakMemoryBytes }: EndEvent,
  worker?: { readonly rank: number },
): string {
  const ended = early === undefined ? '' : `ended before the last epoch, by --${early}\n`;
  const scores = `loss ${lossText(best.loss)}, accuracy ${percentage(best.accuracy)}`;
  const found = `validation ${scores}`;
  const how = bestBy === undefined ? `: ${found}` : ` by ${measureText(best, bestBy)}: ${scores}`;
  const memory = `peak memory ${Math.round(peakMemoryBytes / 2 ** 20)} MiB${worker ? ` in worker ${worker.rank}` : ''}`;
  if (checkpoint === undefined) {
    return `${seconds.toFixed(1)} s, ${memory}\ndry run: ${found}; no checkpoint was written\n`;
  }
  const saving = `${savingSeconds.toFixed(1)} s of it (${percentage(savingSeconds / seconds)}) for saving`;
  return (
    ended +
    `${seconds.toFixed(1)} s, ${saving}, ${memory}\n` +
    wrapped(`best epoch ${best.epoch}${how}${chance ? ', no better than chance' : ''}`.split(' ')) +
    `saved in ${printable(checkpoint)}\n` +
    `test it: ${evalCommand(checkpoint)}\n`
  );
}

/** The line about a run that has learned nothing: why, and what to do. */
export function chanceLine(best: EndEvent['best'], chance: Chance): string {
  const [what, found, guessed] =
    best.loss >= chance.loss
      ? [`validation loss ${lossText(best.loss, 2)}`, 'guessing gives', lossText(chance.loss, 2)]
      : [`accuracy ${percentage(best.accuracy)}`, 'the most frequent class alone gives', percentage(chance.accuracy)];
  const advice = isClearlyWorse(best, chance) ? 'a smaller --lr' : 'another --lr';
  return `the best epoch is no better than chance (${what}, ${found} ${guessed}): try ${advice}`;
}

/**
 * Says whose best checkpoint is in the folder of a run that has none yet.
 *
 * @param folder the run's folder
 * @param earlier the folder with the other files of the best's run
 */
export function earlierBest(folder: string, earlier: string): string {
  return `${printable(join(folder, RUN_FILES.best))} is still the earlier run's, whose other files are in ${printable(earlier)}`;
}

/**
 * A step's progress line in the lesson's form; it counts the images before this step. A loss of five figures or more, which
 * the lesson never met, has an exponent.
 */
export function trainLine({ epoch, seen, total, batch, batches, loss }: StepEvent): string {
  const percent = Math.round((100 * batch) / batches);
  return `Train Epoch: ${epoch} [${seen}/${total} (${percent}%)]\tTrain Loss: ${lossText(loss, 6)}\n`;
}

/** The command that tests a checkpoint, ready for a shell. */
export function evalCommand(checkpoint: string): string {
  return `${calledAs()} eval --checkpoint ${shellPath(checkpoint)}`;
}

/** The command that resumes a run, ready for a shell. */
export function resumeCommand(checkpoint: string): string {
  return `${calledAs()} train --resume ${shellPath(checkpoint)}`;
}
