/** `resnet data`: shows what a data set holds, before training. */
import { writeFileAtomically } from '../../checkpoint/atomic-file.ts';
import type { DataFormat } from '../../dataset/formats/found.ts';
import { surveyOf } from '../../dataset/survey/survey.ts';
import { jsonLine } from '../../evaluation/json.ts';
import { printable } from '../../printable.ts';
import { dataPage } from '../../report/data/page.ts';
import { surveyFacts } from '../../report/data/survey-json.ts';
import { surveyText } from '../../report/data/survey-text.ts';
import { dataChoiceOf } from '../../run/settings/for-data.ts';
import { LiveLine } from '../live-line.ts';
import { loadHooks } from '../load-hooks.ts';
import { screen } from '../terminal.ts';
import { preparePageFile } from './page-file.ts';
import { pageImages } from './page-images.ts';

interface DataFlags {
  readonly path?: string;
  readonly 'data-format'?: DataFormat;
  readonly 'class-names'?: string;
  readonly 'file-column'?: string;
  readonly 'label-column'?: string;
  readonly 'split-column'?: string;
  readonly transpose?: boolean;
  readonly classes?: number;
  readonly html?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Prints what a data set holds; with `--html` it also writes a page with pictures. */
export async function data(flags: DataFlags): Promise<void> {
  const { html } = flags;
  const live = await LiveLine.start('reading the data');
  try {
    if (html !== undefined) await preparePageFile(html, flags.overwrite ?? false);
    const choice = await dataChoiceOf({
      dataDir: flags.path,
      dataFormat: flags['data-format'],
      classNames: flags['class-names'],
      fileColumn: flags['file-column'],
      labelColumn: flags['label-column'],
      splitColumn: flags['split-column'],
      transpose: flags.transpose,
      classes: flags.classes,
    });
    const { survey, parts } = await surveyOf(choice, loadHooks(live));
    if (html !== undefined) {
      live.update('drawing');
      const page = Buffer.from(dataPage(survey, await pageImages(survey, parts)));
      await writeFileAtomically(html, [page], { size: page.length });
    }
    const written = html === undefined ? '' : `\n${printable(html)}\n`;
    const facts = { ...surveyFacts(survey, parts), html };
    live.print(flags.json ? jsonLine(facts) : surveyText(survey, parts, screen().width) + written);
  } finally {
    live.stop();
  }
}
