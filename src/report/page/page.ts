/** The page of `resnet report`: one HTML file that needs no other file and no network. */
import { CALIBRATION_BINS } from '../../evaluation/calibration.ts';
import type { Prediction } from '../../evaluation/predictions.ts';
import type { RunConfig } from '../../run/config.ts';
import type { LoggedEpoch, RunHistory } from '../../run/run-history.ts';
import type { Evaluation } from '../evaluation.ts';
import { grouped, percentage } from '../numbers.ts';
import { Html, html } from './html.ts';
import { REPORT_STYLE } from './style.ts';
import { classesTable, confusionsTable, epochsTable, namesTable } from './tables.ts';

/** The content of a page. */
export interface RunReport {
  /** The run's folder. */
  readonly run: string;
  /** Path of the evaluated checkpoint. */
  readonly checkpoint: string;
  readonly history: RunHistory;
  readonly config: RunConfig;
  readonly evaluation: Evaluation;
  /** Chart of the learning curves (SVG). */
  readonly curves: string;
  /** Chart of the confusion matrix (SVG). */
  readonly confusion: string;
  /** The mistakes to show, the worst first. */
  readonly mistakes: readonly ReportedMistake[];
}

/** A mistake with its image. */
interface ReportedMistake extends Prediction {
  /** The image as a PNG. */
  readonly png: Buffer;
}

/** Content security policy: the page loads nothing from outside. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** Says in a page that this tool wrote it; a later report may replace it. */
export const GENERATOR = '<meta name="generator" content="resnet">';

/** The whole page. Texts from files are escaped. */
export function reportPage(report: RunReport): string {
  const { run, history, evaluation, curves, confusion, mistakes, config } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${new Html(GENERATOR)}
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${run}: a run of resnet</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
<h1>${run}</h1>
${figures(report)}
<section><h2>Learning curves</h2>
${drawing(curves, curvesText(history))}
<details><summary>All epochs</summary>${epochsTable(history)}</details>
</section>
<section><h2>Confusion matrix</h2>
${drawing(confusion, confusionText(evaluation))}
${confusionsTable(evaluation.topConfusions, evaluation.classes)}
</section>
<section><h2>Classes</h2>
${classesTable(evaluation.classes)}
</section>
<section><h2>Worst mistakes</h2>
${mistakesList(mistakes, evaluation)}
</section>
${configSections(config)}
</body>
</html>
`;
  return page.markup;
}

function figures({ checkpoint, evaluation, history }: RunReport): Html {
  const { split, images, correct, loss, accuracy, interval, calibration } = evaluation;
  const { best, epochs } = history;
  const [low, high] = interval.map(percentage);
  return namesTable([
    [`accuracy on ${grouped(images)} ${split} images`, `${percentage(accuracy)} (95 % interval ${low} to ${high})`],
    ['mistakes', grouped(images - correct)],
    ['loss', loss.toFixed(4)],
    ['expected calibration error', `${percentage(calibration.error)} (${CALIBRATION_BINS} bins)`],
    ...(best ? [['best epoch', `${best.epoch} of ${epochs.at(-1)!.epoch}: ${validationLoss(best)}`] as const] : []),
    ['checkpoint', checkpoint],
  ]);
}

function drawing(svg: string, description: string): Html {
  return html`<div role="img" aria-label="${description}">${new Html(svg)}</div>`;
}

function curvesText({ epochs, best }: RunHistory): string {
  const marked = best ? `; ${validationLoss(best)} at the best, epoch ${best.epoch}` : '';
  return `Loss, accuracy and learning rate over ${epochs.length} epochs${marked}`;
}

function validationLoss({ validation }: LoggedEpoch): string {
  return `validation loss ${validation.loss.toFixed(4)}`;
}

function confusionText({ correct, images, split }: Evaluation): string {
  return `A row for each true class, a column for each predicted one: ${correct} of ${images} ${split} images on the diagonal`;
}

function mistakesList(mistakes: readonly ReportedMistake[], { images, correct }: Evaluation): Html {
  if (mistakes.length === 0) return html`<p>None of ${images - correct} mistakes are shown.</p>`;
  const items = mistakes.map(({ image, label, predicted, probability, png }) => {
    const answer = `${label} → ${predicted} (${percentage(probability)})`;
    return html`<li><img src="data:image/png;base64,${png.toString('base64')}" alt="image ${image}: ${answer}">${answer}</li>`;
  });
  return html`<p>The wrong answers with the highest probability, ${mistakes.length} of ${images - correct}: true → predicted.</p>
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
    return html`<section><h2>${name[0]!.toUpperCase()}${name.slice(1)}</h2>${namesTable(set.map(([key, value]) => [key, shown(value)]))}</section>`;
  });
}

/** A value as text: a list as its members. Deeper nesting is shown as `…`, because no setting has it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => (typeof each === 'object' ? '…' : String(each))).join(', ');
  return typeof value === 'object' ? '…' : String(value);
}
