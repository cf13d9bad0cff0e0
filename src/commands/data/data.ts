/** `resnet data`: shows what a data set holds, before training; after it, the labels that a model contradicts. */
import { writeFileAtomically } from '../../checkpoint/atomic-file.ts';
import { surveyOf } from '../../dataset/survey/survey.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { jsonLine } from '../../evaluation/json.ts';
import { NOT_WITH_SUSPECTS, ONLY_WITH_SUSPECTS } from '../../flags/data-flags.ts';
import type { GivenFlags } from '../../flags/flag.ts';
import { printable } from '../../printable.ts';
import { dataPage } from '../../report/data/page.ts';
import { surveyFacts } from '../../report/data/survey-json.ts';
import { surveyText } from '../../report/data/survey-text.ts';
import { suspectsFacts } from '../../report/data/suspects-json.ts';
import { suspectsText } from '../../report/data/suspects-text.ts';
import { dataChoiceOf } from '../../run/settings/for-data.ts';
import { LiveLine } from '../live-line.ts';
import { loadHooks } from '../load-hooks.ts';
import { screen } from '../terminal.ts';
import { preparePageFile } from './page-file.ts';
import { pageImages } from './page-images.ts';
import type { SuspectFlags } from './suspects.ts';

interface DataFlags extends Omit<SuspectFlags, 'suspects'> {
  readonly suspects?: string;
  readonly 'class-names'?: string;
  readonly transpose?: boolean;
  readonly classes?: number;
  readonly html?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/**
 * Prints what a data set holds; with `--suspects` also the labels that a model contradicts, and with `--html` it writes a
 * page with pictures.
 */
export async function data(flags: DataFlags, given: GivenFlags): Promise<void> {
  checkFlags(given);
  const { html } = flags;
  const judges = flags.suspects === undefined ? undefined : await judgesOf({ ...flags, suspects: flags.suspects });
  const live = await LiveLine.start('reading the data');
  try {
    if (html !== undefined) await preparePageFile(html, flags.overwrite ?? false);
    const judge = await judges?.prepare(live);
    const { survey, parts } = await surveyOf(judge?.choice ?? (await choiceIn(flags)), loadHooks(live));
    const suspects = await judge?.suspects();
    if (html !== undefined) {
      live.update('drawing');
      const page = Buffer.from(dataPage(survey, await pageImages(survey, parts, suspects)));
      await writeFileAtomically(html, [page], { size: page.length });
    }
    const facts = { ...surveyFacts(survey, parts), suspects: suspects && suspectsFacts(suspects), html };
    const { width } = screen();
    const blocks = [
      surveyText(survey, parts, width),
      ...(suspects ? [suspectsText(suspects, width)] : []),
      ...(html === undefined ? [] : [`${printable(html)}\n`]),
    ];
    live.print(flags.json ? jsonLine(facts) : blocks.join('\n'));
  } finally {
    live.stop();
  }
}

/** The data that the flags name. */
function choiceIn(flags: DataFlags): ReturnType<typeof dataChoiceOf> {
  return dataChoiceOf({
    dataDir: flags.path,
    dataFormat: flags['data-format'],
    classNames: flags['class-names'],
    fileColumn: flags['file-column'],
    labelColumn: flags['label-column'],
    splitColumn: flags['split-column'],
    transpose: flags.transpose,
    classes: flags.classes,
  });
}

/** The model that judges labels. Only here is loaded what an evaluation needs. */
async function judgesOf(flags: SuspectFlags) {
  const { judgesFile, prepareJudge } = await import('./suspects.ts');
  const checkpoint = await judgesFile(flags);
  return { prepare: (live: LiveLine) => prepareJudge(checkpoint, flags, live) };
}

/** @throws UserError (usage) naming a flag that the others leave without effect */
function checkFlags(given: GivenFlags): void {
  const isJudged = given.suspects !== undefined;
  const without = (isJudged ? NOT_WITH_SUSPECTS : ONLY_WITH_SUSPECTS).find((name) => given[name] !== undefined);
  if (without === undefined) return;
  const why = isJudged ? 'with --suspects: the run says how its data are read' : 'without --suspects RUN';
  throw new UserError(`--${without} has no effect ${why}; leave it out`, ExitCode.usage);
}
