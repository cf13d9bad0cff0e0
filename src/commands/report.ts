/** `resnet report`: writes a page and two pictures about a run. */
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../checkpoint/atomic-file.ts';
import { imageOf } from '../dataset/source.ts';
import { prepareEvaluation } from '../evaluation/evaluate-checkpoint.ts';
import { jsonLine } from '../evaluation/json.ts';
import { FONT_FAMILY, imageToPng, svgToPng } from '../image/draw.ts';
import { printable } from '../printable.ts';
import { evaluationFigures } from '../report/evaluation.ts';
import { confusionChart } from '../report/page/confusion-chart.ts';
import { curvesChart } from '../report/page/curves-chart.ts';
import { reportPage } from '../report/page/page.ts';
import { configOf, dataDirOf, readRunConfig } from '../run/config.ts';
import { REPORT_FILES, RUN_FILES } from '../run/folder/run-files.ts';
import { isFolder, prepareFolder } from '../run/folder/run-folder.ts';
import { readSoundModel } from '../run/read-model.ts';
import { readRunHistory } from '../run/run-history.ts';
import { LiveLine } from './live-line.ts';
import { type EvaluationFlags, watchedEvaluation } from './watched-evaluation.ts';

interface ReportFlags extends EvaluationFlags {
  readonly run: string;
  readonly out?: string;
  readonly 'data-dir'?: string;
}

/** Writes how a run learned and how well its model classifies, as a page and two pictures. */
export async function report(flags: ReportFlags): Promise<void> {
  const live = await LiveLine.start('reading the run');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  try {
    // Every check that needs no backend comes before the backend is loaded.
    const { folder, checkpoint } = await locate(flags.run);
    const file = await readSoundModel(checkpoint);
    const { metadata } = file;
    const history = await readRunHistory(folder, metadata?.epoch, notice);
    const config = (await readRunConfig(folder, notice)) ?? configOf(metadata);
    const curves = curvesChart(history, FONT_FAMILY);
    const curvesPng = await svgToPng(curves);
    const prepared = prepareEvaluation({
      checkpoint,
      file,
      split: flags.split,
      dataDir: flags['data-dir'] ?? dataDirOf(config),
      normalize: flags.normalize,
      limit: flags['limit-test'],
      notice,
    });
    const out = flags.out ?? folder;
    await prepareFolder(out, Object.values(REPORT_FILES), '--out');

    const { evaluation, runtime } = await watchedEvaluation(prepared, flags, live);
    live.update('drawing');
    const confusion = confusionChart(evaluation.confusionMatrix, FONT_FAMILY);
    const mistakes = evaluation.worst.map(async (mistake) => {
      return { ...mistake, png: await imageToPng(imageOf(prepared.dataset, mistake.image)) };
    });
    const page = reportPage({
      ...{ run: folder, checkpoint, history, evaluation, curves, confusion },
      config,
      mistakes: await Promise.all(mistakes),
    });
    const paths = await write(out, { report: page, curves: curvesPng, confusion: await svgToPng(confusion) });

    const { split, images, correct, loss, accuracy, interval } = evaluation;
    const figures = { split, images, correct, loss, accuracy, interval, bestEpoch: history.best?.epoch ?? null };
    const lines = Object.values(paths).map((path) => `${printable(path)}\n`);
    const text = evaluationFigures(evaluation) + lines.join('');
    live.print(flags.json ? jsonLine({ ...paths, ...figures, checkpoint, ...runtime }) : text);
  } finally {
    live.stop();
  }
}

/**
 * Finds a run's folder and the checkpoint to evaluate.
 *
 * @param path a checkpoint, or a run's folder, which stands for its best checkpoint
 * @throws UserError (checkpoint) if there is no such path, (io) if it cannot be read
 */
async function locate(path: string): Promise<{ folder: string; checkpoint: string }> {
  return (await isFolder(path, 'no such run; give the folder of a run'))
    ? { folder: path, checkpoint: join(path, RUN_FILES.best) }
    : { folder: dirname(path), checkpoint: path };
}

/** Contents of a report's files. */
type Contents = Readonly<Record<keyof typeof REPORT_FILES, string | Buffer>>;

/**
 * Writes a report's files, the page last: a page that exists is complete.
 *
 * @returns the files' paths
 */
async function write(folder: string, contents: Contents): Promise<Record<keyof Contents, string>> {
  const paths = { report: '', curves: '', confusion: '' };
  for (const name of ['curves', 'confusion', 'report'] as const) {
    const bytes = Buffer.from(contents[name]);
    paths[name] = join(folder, REPORT_FILES[name]);
    await writeFileAtomically(paths[name], [bytes], { size: bytes.length });
  }
  return paths;
}
