/** The section of the page of `resnet data --html` with the labels that a model contradicts. */

import { grouped, percentage } from '../../numbers.ts';
import { cut } from '../cut.ts';
import { type Html, html } from '../page/html.ts';
import { figure, type PageImage } from './page-figure.ts';
import { answerOf, type SuspectsReport, suspectsExplained } from './suspects-text.ts';

/** What a model found, and the images of the first of them, in order. */
export interface PageSuspects {
  readonly report: SuspectsReport;
  /** As many as the page shows. */
  readonly images: readonly PageImage[];
}

/** The section; it says so if there are no suspects. */
export function suspectsSection({ report, images }: PageSuspects): Html {
  const { parts, suspects, checkpoint, classNames } = report;
  const all = parts.reduce((sum, each) => sum + each.images, 0);
  const counts = parts.map(({ part, suspects: own }) => `${part} ${grouped(own)}`).join(', ');
  const items = images.map((image, at) => {
    const suspect = report.first[at]!;
    const [label, predicted] = answerOf(suspect, classNames, 100);
    const text = `${label} → ${predicted} (${percentage(suspect.probability)})`;
    return html`<li>${figure(image, text)}</li>`;
  });
  const rest = suspects - images.length;
  const more = images.length > 0 && rest > 0 ? html`<p>And ${grouped(rest)} more.</p>` : html``;
  return html`<section><h2>Labels that the model contradicts</h2>
<p>${grouped(suspects)} of ${grouped(all)} images (${counts}), by <bdi>${cut(checkpoint)}</bdi>. ${suspectsExplained(report).join(' ')} Below each image: its label → the model's answer (the probability of the answer), and where it comes from.</p>
<ul class="pairs suspects">${items}</ul>${more}</section>`;
}
