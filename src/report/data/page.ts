/** The page of `resnet data --html`: one HTML file that needs no other file and no network. */
import { basename } from 'node:path';
import type { PartName } from '../../dataset/formats/found.ts';
import type { Survey } from '../../dataset/survey/survey.ts';
import { grouped } from '../../numbers.ts';
import { cut } from '../cut.ts';
import { documentOf } from '../page/document.ts';
import { type Html, html } from '../page/html.ts';
import { REPORT_STYLE } from '../page/style.ts';
import { namesTable } from '../page/tables.ts';
import { classNameOf, classRows, classTable, countedClasses, shownClasses } from './class-table.ts';
import { factsOf } from './facts.ts';
import { figure, type PageImage, picture } from './page-figure.ts';
import { type PageSuspects, suspectsSection } from './page-suspects.ts';
import { DATA_STYLE } from './style.ts';

/** Some images of a class of a part. */
export interface ClassSamples {
  readonly part: PartName;
  readonly label: number;
  readonly images: readonly PageImage[];
}

/** Two images side by side. */
export type PagePair = readonly [PageImage, PageImage];

/** The images of the page. */
export interface PageImages {
  readonly samples: readonly ClassSamples[];
  readonly equal: readonly PagePair[];
  readonly near: readonly PagePair[];
  /** Undefined if no model judged the labels. */
  readonly suspects?: PageSuspects | undefined;
}

/** Says in a page that this tool wrote it; a later page of the same kind may replace it. */
export const DATA_GENERATOR = '<meta name="generator" content="resnet data">';

/** Number of classes up to which the page lists all. */
const MOST_CLASSES = 1000;

/** The whole page. Texts from files are escaped and, where very long, cut. */
export function dataPage(survey: Survey, images: PageImages): string {
  const name = cut(basename(survey.source));
  const count = survey.parts.reduce((sum, part) => sum + part.images, 0);
  const body = html`<p>${grouped(count)} images of ${countedClasses(survey.classes)} in <bdi>${cut(survey.source)}</bdi>, format ${survey.format}.</p>
${survey.notices.map((notice) => html`<p>${cut(notice)}</p>`)}
${namesTable(factsOf(survey).map(([fact, text]) => [fact, text]))}
<section><h2>Classes</h2>
${classesTable(survey)}
</section>
${images.suspects ? suspectsSection(images.suspects) : html``}
${brokenSection(survey)}
${pairsSection('Exact duplicates', 'Their bytes are equal.', survey, images.equal)}
${pairsSection('Near duplicates', 'They look the same when they are small and grey.', survey, images.near)}
${survey.parts.map(({ part }) => samplesSection(survey, part, images.samples))}`;
  const subject = 'what the data hold';
  return documentOf({ generator: DATA_GENERATOR, name, subject, style: REPORT_STYLE + DATA_STYLE, body });
}

function classesTable(survey: Survey): Html {
  const { shown, note } = shownClasses(classRows(survey), MOST_CLASSES);
  const { columns, rows, total = [] } = classTable(survey, shown);
  const line = ([head = '', ...cells]: readonly string[]) => {
    return html`<tr><th scope="row">${cut(head)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  };
  const heads = columns.map(({ head }) => html`<th scope="col">${head}</th>`);
  const table = html`<table><thead><tr>${heads}</tr></thead><tbody>${rows.map(line)}</tbody><tfoot>${line(total)}</tfoot></table>`;
  return html`<div class="wide">${table}</div>${note === '' ? '' : html`<p>${note}.</p>`}`;
}

/** The pictures that cannot be read; nothing if all can. */
function brokenSection({ parts }: Survey): Html {
  const count = parts.reduce((sum, { unreadable }) => sum + unreadable, 0);
  if (count === 0) return html``;
  const items = parts.flatMap(({ broken }) => broken.map(({ problem }) => html`<li>${cut(problem)}</li>`));
  const rest = count - items.length;
  const more = rest > 0 ? html`<p>And ${grouped(rest)} more.</p>` : html``;
  return html`<section><h2>Pictures that cannot be read</h2><ul class="broken">${items}</ul>${more}</section>`;
}

function pairsSection(heading: string, meaning: string, survey: Survey, pairs: readonly PagePair[]): Html {
  if (pairs.length === 0) return html``;
  const items = pairs.map((pair) => {
    const contradicts = pair[0].label !== pair[1].label;
    return html`<li class="${contradicts ? 'contradiction' : 'pair'}">${pair.map((each) => figure(each, cut(classNameOf(survey, each.label))))}</li>`;
  });
  return html`<section><h2>${heading}</h2><p>${meaning} Those with two classes come first.</p><ul class="pairs">${items}</ul></section>`;
}

function samplesSection(survey: Survey, part: PartName, samples: readonly ClassSamples[]): Html {
  const rows = samples.filter((each) => each.part === part && each.images.length > 0);
  const items = rows.map(({ label, images }) => {
    const drawn = images.map((each) => picture(each));
    return html`<tr><th scope="row">${cut(classNameOf(survey, label))}</th><td>${drawn}</td></tr>`;
  });
  const rest = survey.classes - rows.length;
  const more = rest > 0 ? html`<p>${countedClasses(rest)} more.</p>` : html``;
  return html`<section><h2>Images of ${part}</h2><table class="words samples"><tbody>${items}</tbody></table>${more}</section>`;
}
