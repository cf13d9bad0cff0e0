/** `resnet report`: writes a page and two pictures about a run. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EvaluationFlags, evaluateImages, prepareImages } from '../api/evaluation.ts';
import { writeFileAtomically } from '../checkpoint/atomic-file.ts';
import { imageOf } from '../dataset/pixels.ts';
import { jsonLine } from '../evaluation/json.ts';
import { FONT_FAMILY, imageToPng, svgToPng } from '../image/draw.ts';
import { printable } from '../printable.ts';
import { evaluationDataLines, evaluationFigures } from '../report/evaluation.ts';
import { CHART_WIDTH_PIXELS, type ChartFormat } from '../report/page/chart.ts';
import { confusionChart } from '../report/page/confusion-chart.ts';
import { curvesChart } from '../report/page/curves-chart.ts';
import { type Drawings, reportPage } from '../report/page/page.ts';
import { reliabilityChart } from '../report/page/reliability-chart.ts';
import { runtimeLine } from '../report/runtime-line.ts';
import { configOf, dataDirOf, type RunConfig, readRunConfig, warmupIn } from '../run/config.ts';
import { modelAt } from '../run/folder/find-run.ts';
import { REPORT_FILES, RUN_FILES } from '../run/folder/run-files.ts';
import { prepareFolder } from '../run/folder/run-folder.ts';
import { learningRates } from '../run/learning-rates.ts';
import { readSoundModel } from '../run/read-model.ts';
import { folderOfRecords, type RunHistory, readRunHistory } from '../run/run-history.ts';
import { LiveLine } from './live-line.ts';
import { namedRun, type RunFlags } from './named-run.ts';
import { expectNoOtherFiles } from './report-folder.ts';
import { interruptible } from './signals.ts';
import { hooksOn, nothingChanged } from './watch.ts';

interface ReportFlags extends EvaluationFlags, RunFlags {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** Writes how a run learned and how well its model classifies, as a page and two pictures. */
export async function report(flags: ReportFlags): Promise<void> {
  const place = await namedRun(flags);
  const [folder, checkpoint] = [place.folder, modelAt(place)];
  const live = await LiveLine.start('reading the run');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  try {
    // Every check that needs no backend comes before the backend is loaded.
    const file = await readSoundModel(checkpoint, { from: flags.from, notice });
    const { metadata } = file;
    const records = await folderOfRecords(folder, metadata);
    if (records !== folder) notice(`${checkpoint} is an earlier run's: its log is in ${records}`);
    const config = (await readRunConfig(records, notice)) ?? configOf(metadata);
    const isAlone = place.checkpoint !== undefined && !existsSync(join(records, RUN_FILES.events));
    if (isAlone) notice(`${checkpoint}: no log is beside it, so the report has no learning curves`);
    const history = isAlone ? undefined : await readRunHistory(records, metadata?.epoch, notice);
    const learned = history && { history, curves: curvesOf(history, config) };
    const curves = learned ? { curves: await svgToPng(learned.curves.wide) } : {};
    const prepared = await interruptible(nothingChanged, (signal) =>
      prepareImages({ checkpoint, file, runDataDir: dataDirOf(config) }, flags, hooksOn(live, signal, flags.yes)),
    );
    const out = flags.out ?? folder;
    if (resolve(out) !== resolve(folder) && !flags.overwrite) await expectNoOtherFiles(out);
    await prepareFolder(out, Object.values(REPORT_FILES), '--out');

    const { evaluation, runtime } = await interruptible(nothingChanged, (signal) =>
      evaluateImages(prepared, flags, {
        ...hooksOn(live, signal, flags.yes),
        onOpened: (opened) => {
          const { data, indices } = prepared;
          if (!flags.json) live.print(`${runtimeLine(opened)}\n${evaluationDataLines(data, indices.length)}`);
        },
      }),
    );
    live.update('drawing');
    const confusion = drawings((format) =>
      confusionChart(evaluation.confusionMatrix, format, prepared.dataset.classNames),
    );
    const reliability = drawings((format) => reliabilityChart(evaluation, format));
    const mistakes = evaluation.worst.map(async (mistake) => {
      return { ...mistake, png: await imageToPng(await imageOf(prepared.dataset, mistake.image)) };
    });
    const page = reportPage({
      ...{ run: folder, checkpoint, learned, evaluation, confusion, reliability },
      data: prepared.dataset.source,
      architecture: prepared.file.architecture,
      config,
      mistakes: await Promise.all(mistakes),
    });
    const paths = await write(out, { report: page, ...curves, confusion: await svgToPng(confusion.wide) });

    const { split, images, correct, loss, accuracy, interval, twins, withoutTwins } = evaluation;
    const { balancedAccuracy, macroF1, top5Accuracy, temperature } = evaluation;
    const figures = {
      ...{ split, images, correct, loss, accuracy, interval, twins, withoutTwins },
      ...{ balancedAccuracy, macroF1, top5Accuracy, temperature },
      bestEpoch: history?.best?.epoch ?? null,
    };
    const lines = Object.values(paths).map((path) => `${printable(path)}\n`);
    const text = evaluationFigures(evaluation) + lines.join('');
    live.print(flags.json ? jsonLine({ ...paths, ...figures, data: prepared.data, checkpoint, ...runtime }) : text);
  } finally {
    live.stop();
  }
}

/** The chart of a run's learning curves. */
function curvesOf(history: RunHistory, config: RunConfig): Drawings {
  const rates = learningRates(history, warmupIn(config));
  return drawings((format) => curvesChart(history, rates, format));
}

/** A chart's two drawings. */
function drawings(draw: (format: ChartFormat) => string): Drawings {
  const { wide, narrow } = CHART_WIDTH_PIXELS;
  return {
    wide: draw({ width: wide, narrow: false, fontFamily: FONT_FAMILY }),
    narrow: draw({ width: narrow, narrow: true, fontFamily: FONT_FAMILY }),
  };
}

/** Contents of a report's files; without curves if they are not known. */
type Contents = Readonly<Partial<Record<keyof typeof REPORT_FILES, string | Buffer>>>;

/**
 * Writes a report's files, the page last: a page that exists is complete.
 *
 * @returns the files' paths
 */
async function write(folder: string, contents: Contents): Promise<Partial<Record<keyof Contents, string>>> {
  const names = (['report', 'curves', 'confusion'] as const).filter((name) => contents[name] !== undefined);
  const pathOf = (name: keyof Contents) => join(folder, REPORT_FILES[name]);
  for (const name of names.toReversed()) {
    const bytes = Buffer.from(contents[name]!);
    await writeFileAtomically(pathOf(name), [bytes], { size: bytes.length });
  }
  return Object.fromEntries(names.map((name) => [name, pathOf(name)]));
}
