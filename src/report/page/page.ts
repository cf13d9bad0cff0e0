/** The page of `resnet report`: one HTML file that needs no other file and no network. */
import { basename, resolve } from 'node:path';
import { CALIBRATION_BINS } from '../../evaluation/calibration.ts';
import type { Evaluation } from '../../evaluation/evaluation.ts';
import type { Prediction } from '../../evaluation/predictions.ts';
import type { Architecture } from '../../net/resnet.ts';
import { grouped, lossText, percentage, settingText, temperatureText } from '../../numbers.ts';
import { bestByIn, type RunConfig, recipeIn } from '../../run/config.ts';
import type { LoggedEpoch, RunHistory } from '../../run/run-history.ts';
import type { BestMeasure } from '../../training/best-measure.ts';
import { measureText } from '../best-epoch.ts';
import { captionOf } from '../mistakes.ts';
import { documentOf } from './document.ts';
import { Html, html } from './html.ts';
import { REPORT_STYLE } from './style.ts';
import { calibrationTable, classesTable, confusionsTable, epochsTable, namesTable } from './tables.ts';

/** A chart as SVG: a drawing for wide screens, and one for telephones. */
export interface Drawings {
  readonly wide: string;
  readonly narrow: string;
}

/** How a run learned. */
interface Learned {
  readonly history: RunHistory;
  /** Chart of the learning curves. */
  readonly curves: Drawings;
}

/** The content of a page. */
export interface RunReport {
  /** The run's folder. */
  readonly run: string;
  /** The evaluated data: `MNIST`, or their folder. */
  readonly data: string;
  readonly architecture: Architecture;
  /** Path of the evaluated checkpoint. */
  readonly checkpoint: string;
  /** How the run learned; undefined for a file without a log beside it, such as another tool's. */
  readonly learned: Learned | undefined;
  readonly config: RunConfig;
  readonly evaluation: Evaluation;
  /** Chart of the confusion matrix. */
  readonly confusion: Drawings;
  /** The reliability diagram. */
  readonly reliability: Drawings;
  /** The mistakes to show, the worst first. */
  readonly mistakes: readonly ReportedMistake[];
}

/** A mistake with its image. */
interface ReportedMistake extends Prediction {
  /** The image as a PNG. */
  readonly png: Buffer;
}

/** Says in a page that this tool wrote it; a later report may replace it. */
export const GENERATOR = '<meta name="generator" content="resnet">';

/** The whole page. Texts from files are escaped. */
export function reportPage(report: RunReport): string {
  const { run, data, architecture, learned, evaluation, confusion, reliability, mistakes, config } = report;
  const name = basename(resolve(run));
  const subject = `ResNet-${architecture.depth} on ${basename(data)}`;
  const body = html`${summaryLine(report)}
${figures(report)}
${learned ? learningSection(learned, config) : html``}<section><h2>Confusion matrix</h2>
${chart('confusion', confusion, confusionText(evaluation))}
${confusionsTable(evaluation.topConfusions, evaluation.classes)}
</section>
<section><h2>Classes</h2>
${classesTable(evaluation.classes)}
</section>
<section><h2>Calibration</h2>
${chart('reliability', reliability, reliabilityText(evaluation))}
<details><summary>All bins</summary>${calibrationTable(evaluation)}</details>
</section>
<section><h2>Worst mistakes</h2>
${mistakesList(mistakes, evaluation)}
</section>
<div class="groups">
${configSections(config)}
</div>`;
  return documentOf({ generator: GENERATOR, name, subject, style: REPORT_STYLE, body });
}

function learningSection({ history, curves }: Learned, config: RunConfig): Html {
  return html`<section><h2>Learning curves</h2>
${chart('curves', curves, curvesText(history))}
<details><summary>All epochs</summary>${epochsTable(history, bestByIn(config))}</details>
</section>
`;
}

/** What the report is about: the run and its recipe, and the images of the evaluation. */
function summaryLine({ run, data, config, evaluation: { images, split } }: RunReport): Html {
  const recipe = recipeIn(config);
  const made = recipe === undefined ? '' : `, recipe ${recipe}`;
  return html`<p>Run <bdi>${run}</bdi>${made}. Evaluated on ${grouped(images)} ${split} images of <bdi>${data}</bdi>.</p>`;
}

function figures({ checkpoint, evaluation, learned, config }: RunReport): Html {
  const { images, correct, loss, accuracy, interval, twins, withoutTwins } = evaluation;
  const { balancedAccuracy, macroF1, top5Accuracy } = evaluation;
  const { best, epochs = [] } = learned?.history ?? {};
  const [low, high] = interval.map(percentage);
  return namesTable([
    ['accuracy', `${percentage(accuracy)} (95 % interval ${low} to ${high})`],
    ...(twins && withoutTwins ? [['accuracy without twins', withoutTwinsText(twins, withoutTwins)] as const] : []),
    ['mistakes', `${grouped(images - correct)} of ${grouped(images)}`],
    ['balanced accuracy', percentage(balancedAccuracy)],
    ['macro F1', percentage(macroF1)],
    ...(top5Accuracy === undefined ? [] : [['top-5 accuracy', percentage(top5Accuracy)] as const]),
    ['loss', lossText(loss)],
    ['expected calibration error', calibrationText(evaluation)],
    ...(best
      ? [['best epoch', `${best.epoch} of ${epochs.at(-1)!.epoch}: ${measured(best, bestByIn(config))}`] as const]
      : []),
    ['checkpoint', checkpoint],
  ]);
}

/** The calibration error, and what it is without the temperature. */
function calibrationText({ calibration, calibrationRaw, temperature }: Evaluation): string {
  const error = `${percentage(calibration.error)} (${CALIBRATION_BINS} bins)`;
  if (temperature === null) return error;
  return `${error} at the temperature ${temperatureText(temperature)}; without it ${percentage(calibrationRaw.error)}`;
}

function reliabilityText(evaluation: Evaluation): string {
  return `How often answers are right, over their mean probability: calibration error ${calibrationText(evaluation)}`;
}

/** What a best epoch has by the measure that chose it, and its loss. */
function measured(best: LoggedEpoch, bestBy: BestMeasure): string {
  if (bestBy === 'loss') return validationLoss(best);
  return `${measureText(best.validation, bestBy)}, ${validationLoss(best)}`;
}

/** The accuracy without the test images that the training data hold too. */
function withoutTwinsText(twins: number, { accuracy, images }: NonNullable<Evaluation['withoutTwins']>): string {
  const all = grouped(twins + images);
  return `${percentage(accuracy)} (without ${grouped(twins)} of ${all} images, which the training data hold too)`;
}

/** A chart; the style sheet shows one of its two drawings. */
function chart(name: string, { wide, narrow }: Drawings, description: string): Html {
  const drawings = [new Html(wide), new Html(narrow)].map((each, index) => {
    return html`<div class="${index === 0 ? 'roomy' : 'narrow'} wide">${each}</div>`;
  });
  return html`<div class="${name}" role="img" aria-label="${description}">${drawings}</div>`;
}

function curvesText({ epochs, best }: RunHistory): string {
  const marked = best ? `; ${validationLoss(best)} at the best, epoch ${best.epoch}` : '';
  return `Loss, accuracy and learning rate over ${epochs.length} epochs${marked}`;
}

function validationLoss({ validation }: LoggedEpoch): string {
  return `validation loss ${lossText(validation.loss)}`;
}

function confusionText({ correct, images, split }: Evaluation): string {
  return `A row for each true class, a column for each predicted one: ${correct} of ${images} ${split} images on the diagonal`;
}

function mistakesList(mistakes: readonly ReportedMistake[], { images, correct }: Evaluation): Html {
  if (mistakes.length === 0) return html`<p>None of ${images - correct} mistakes are shown.</p>`;
  const isNamed = mistakes.some(({ imageName }) => imageName !== undefined);
  const items = mistakes.map(({ png, ...mistake }) => {
    const { number, answer } = captionOf(mistake);
    const source = `data:image/png;base64,${png.toString('base64')}`;
    return html`<li><img src="${source}" alt="image ${mistake.imageName ?? mistake.image}"><b>${number}</b> ${answer}</li>`;
  });
  return html`<p>The wrong answers with the highest probability, ${mistakes.length} of ${grouped(images - correct)}. Under each image: ${isNamed ? 'where it comes from' : 'its number in the data'}, true → predicted class, and the probability of the answer.</p>
<ul class="mistakes">${items}</ul>`;
}

/** The run's configuration: a section of single values, then a section for each group. Unset values are left out. */
function configSections(config: RunConfig): Html[] {
  const isGroup = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = Object.entries(config);
  const single = entries.filter(([, value]) => !isGroup(value));
  const groups = entries.flatMap(([name, value]) => (isGroup(value) ? [[name, Object.entries(value)] as const] : []));
  return [['run', single] as const, ...groups].map(([name, values]) => {
    const set = values.filter(([, value]) => value !== null && value !== undefined);
    return html`<section><h2>${name[0]!.toUpperCase()}${name.slice(1)}</h2>${namesTable(set.map(([key, value]) => [key, settingText(value, ', ')]))}</section>`;
  });
}
