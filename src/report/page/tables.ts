/** The tables of the report page. */
import type { ClassScores, Confusion } from '../../evaluation/confusion.ts';
import type { Evaluation } from '../../evaluation/evaluation.ts';
import { grouped, percentage } from '../../numbers.ts';
import type { RunHistory } from '../../run/run-history.ts';
import type { BestMeasure } from '../../training/best-measure.ts';
import { CLASS_COLUMNS, confusionText, undefinedScoresNote } from '../classes.ts';
import { epochColumns } from '../epoch-table.ts';
import { type Html, html } from './html.ts';

/** A table of the run's epochs; the best one is marked. */
export function epochsTable({ epochs, best }: RunHistory, bestBy: BestMeasure): Html {
  const columns = epochColumns(bestBy);
  const rows = epochs.map((each) => {
    const [epoch, ...others] = columns.map(({ cell }) => cell(each));
    const marked = each === best;
    const head = html`<th scope="row">${epoch!}${marked ? ' (best)' : ''}</th>`;
    return html`<tr class="${marked ? 'best' : ''}">${head}${cells(others)}</tr>`;
  });
  const heads = columns.map(({ head }) => head);
  return table('', heads, rows);
}

/** A table of the scores of each class. */
export function classesTable(classes: readonly ClassScores[]): Html {
  const rows = classes.map((scores) => {
    const [label, ...others] = CLASS_COLUMNS.map(({ cell }) => cell(scores));
    return html`<tr><th scope="row">${label!}</th>${cells(others)}</tr>`;
  });
  return table(
    undefinedScoresNote(classes),
    CLASS_COLUMNS.map(({ head }) => head),
    rows,
  );
}

/**
 * A table of the most frequent confusions.
 *
 * @param classes the scores of all classes, in the order of their labels
 */
export function confusionsTable(confusions: readonly Confusion[], classes: readonly ClassScores[]): Html {
  if (confusions.length === 0) return html`<p>No mistakes.</p>`;
  const rows = confusions.map((confusion) => {
    const { label, images } = confusion;
    const fraction = percentage(images / classes[label]!.support);
    return html`<tr><th scope="row">${confusionText(confusion)}</th>${cells([String(images), fraction])}</tr>`;
  });
  return table('', ['True → predicted', 'Images', 'Of the class'], rows);
}

/** A table of the bins of the calibration: with the temperature, and where there is one also without. */
export function calibrationTable({ calibration, calibrationRaw, temperature }: Evaluation): Html {
  const both = temperature === null ? [calibration] : [calibration, calibrationRaw];
  const rows = calibration.bins.map(({ above, upTo }, index) => {
    const ofBin = both.map(({ bins }) => bins[index]!);
    const texts = ofBin.flatMap(({ images, accuracy, confidence }) => {
      return [grouped(images), ...[confidence, accuracy].map((each) => (each === null ? '–' : percentage(each)))];
    });
    return html`<tr><th scope="row">${(100 * above).toFixed(0)} to ${(100 * upTo).toFixed(0)} %</th>${cells(texts)}</tr>`;
  });
  const heads = ['Images', 'Probability', 'Correct'];
  const before = heads.map((head) => `${head}, without`);
  return table('', ['Probability', ...heads, ...(temperature === null ? [] : before)], rows);
}

/** A table of two columns: names and values. */
export function namesTable(rows: readonly (readonly [name: string, value: string])[]): Html {
  const lines = rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
  return html`<table class="words"><tbody>${lines}</tbody></table>`;
}

function cells(texts: readonly string[]): Html[] {
  return texts.map((text) => html`<td>${text}</td>`);
}

function table(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
  const title = caption === '' ? '' : html`<caption>${caption}</caption>`;
  const head = heads.map((each) => html`<th scope="col">${each}</th>`);
  return html`<div class="wide"><table>${title}<thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
