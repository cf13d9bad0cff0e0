/** The tables of the report page. */
import type { ClassScores, Confusion } from '../../evaluation/confusion.ts';
import type { RunHistory } from '../../run/run-history.ts';
import { percentage } from '../numbers.ts';
import { type Html, html } from './html.ts';

/** A table of the run's epochs; the best one is marked. */
export function epochsTable({ epochs, best }: RunHistory): Html {
  const rows = epochs.map((each) => {
    const { epoch, train, validation, imagesPerSecond, seconds } = each;
    const marked = each === best;
    return html`<tr class="${marked ? 'best' : ''}"><th scope="row">${epoch}${marked ? ' (best)' : ''}</th>${cells([
      train.loss.toFixed(4),
      percentage(train.accuracy),
      validation.loss.toFixed(4),
      percentage(validation.accuracy),
      String(Math.round(imagesPerSecond)),
      seconds.toFixed(1),
    ])}</tr>`;
  });
  const heads = ['Epoch', 'Train loss', 'Train acc.', 'Val. loss', 'Val. acc.', 'Images/s', 'Seconds'];
  return table('', heads, rows);
}

/** A table of the scores of each class. */
export function classesTable(classes: readonly ClassScores[]): Html {
  const score = (value: number | null) => (value === null ? '–' : percentage(value));
  const rows = classes.map(({ label, support, precision, recall, f1 }) => {
    return html`<tr><th scope="row">${label}</th>${cells([String(support), score(precision), score(recall), score(f1)])}</tr>`;
  });
  const undefinedScores = classes.some(({ precision, recall }) => precision === null || recall === null);
  const caption = undefinedScores ? '– is 0/0: never predicted (precision), or no images (recall)' : '';
  return table(caption, ['Class', 'Images', 'Precision', 'Recall', 'F1'], rows);
}

/**
 * A table of the most frequent confusions.
 *
 * @param classes the scores of all classes, in the order of their labels
 */
export function confusionsTable(confusions: readonly Confusion[], classes: readonly ClassScores[]): Html {
  if (confusions.length === 0) return html`<p>No mistakes.</p>`;
  const rows = confusions.map(({ label, predicted, images }) => {
    const fraction = percentage(images / classes[label]!.support);
    return html`<tr><th scope="row">${label} → ${predicted}</th>${cells([String(images), fraction])}</tr>`;
  });
  return table('', ['True → predicted', 'Images', 'Of the class'], rows);
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
