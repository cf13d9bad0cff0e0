/** `resnet data --suspects RUN`: the labels that a run's model contradicts. */
import { dirname } from 'node:path';
import type { DataFormat } from '../../dataset/formats/found.ts';
import type { SurveyChoice } from '../../dataset/survey/survey.ts';
import type { Notice } from '../../errors.ts';
import { evaluationNeed } from '../../evaluation/memory-need.ts';
import { judge, type PreparedSuspects, prepareSuspects } from '../../evaluation/suspects/prepare-suspects.ts';
import { suspectsOf } from '../../evaluation/suspects/suspects.ts';
import { memoryCheck } from '../../memory/check.ts';
import type { NamedSuspect, SuspectsReport } from '../../report/data/suspects-text.ts';
import { dataDirOf, readRunConfig } from '../../run/config.ts';
import { modelAt } from '../../run/folder/find-run.ts';
import { readSoundModel } from '../../run/read-model.ts';
import type { RuntimeChoice } from '../../runtime/open.ts';
import type { LiveLine } from '../live-line.ts';
import { loadHooks } from '../load-hooks.ts';
import { namedRun } from '../named-run.ts';
import { openWithNotice } from '../open-runtime.ts';
import { interruptible } from '../signals.ts';

/** The flags that `--suspects` obeys. */
export interface SuspectFlags extends RuntimeChoice {
  readonly path?: string;
  readonly 'data-format'?: DataFormat;
  readonly 'file-column'?: string;
  readonly 'label-column'?: string;
  readonly 'split-column'?: string;
  readonly suspects: string;
  readonly 'checkpoint-dir': string;
  readonly from?: string;
  readonly normalize?: readonly number[];
  readonly 'min-probability'?: number;
  readonly most: number;
  readonly 'no-compile'?: boolean;
  readonly 'no-memory-check'?: boolean;
}

/** A model that is ready to judge labels. */
export interface Judge {
  /** How its data are read; undefined if the user names the data. */
  readonly choice: SurveyChoice | undefined;
  /** Loads the backend, and finds the labels that the model contradicts. */
  readonly suspects: () => Promise<SuspectsReport>;
}

/**
 * The checkpoint of the run that `--suspects` names: to be called before anything is drawn on standard error.
 *
 * @throws UserError (checkpoint, io) as `findRun`
 */
export async function judgesFile(flags: SuspectFlags): Promise<string> {
  const { suspects: run, 'checkpoint-dir': parent } = flags;
  return modelAt(await namedRun({ run, 'checkpoint-dir': parent }));
}

/**
 * Reads a checkpoint and the images that its model judges. Every check that needs no backend is made here.
 *
 * @throws UserError (checkpoint, data, usage) as `resnet eval`
 */
export async function prepareJudge(checkpoint: string, flags: SuspectFlags, live: LiveLine): Promise<Judge> {
  const { from, normalize, path } = flags;
  const notice = once(loadHooks(live).notice);
  const request = {
    checkpoint,
    file: await readSoundModel(checkpoint, { from, notice }),
    runDataDir: dataDirOf((await readRunConfig(dirname(checkpoint), () => {})) ?? {}),
    dataDir: path,
    dataFormat: flags['data-format'],
    columns: { file: flags['file-column'], label: flags['label-column'], split: flags['split-column'] },
    normalize,
  };
  const prepared = await interruptible(nothingChanged, async (signal) => {
    const images = await prepareSuspects(request, { ...loadHooks(live, signal), notice });
    signal.throwIfAborted(); // images that are not decoded are loaded to the end
    return images;
  });
  const { classes } = prepared.file.architecture;
  return {
    choice: path === undefined ? { ...prepared.choice, classes } : undefined,
    suspects: () => found(prepared, checkpoint, flags, live),
  };
}

async function found(
  prepared: PreparedSuspects,
  checkpoint: string,
  flags: SuspectFlags,
  live: LiveLine,
): Promise<SuspectsReport> {
  const { parts, file } = prepared;
  const { 'min-probability': leastProbability, most } = flags;
  const compile = !flags['no-compile'];
  const evaluated = parts.reduce((sum, { indices }) => sum + indices.length, 0);
  const count = parts.reduce((largest, { dataset }) => Math.max(largest, dataset.count), 0);
  const images = { ...parts[0]!.dataset, count, evaluated };
  const need = evaluationNeed(file, images, flags, compile, (batch) => `name data of ${batch} images at most`);
  memoryCheck(flags['no-memory-check'], (message) => live.note(`${message}\n`))(need);
  live.update('loading the backend');
  const runtime = await openWithNotice(flags, live);
  const judged = await interruptible(nothingChanged, (signal) => {
    const onProgress = (done: number) => live.update(`evaluating ${done}/${evaluated}`);
    return judge(prepared, runtime, compile, { onProgress, signal });
  });
  const { first, ...counts } = suspectsOf(judged, file.architecture.classes, { most, leastProbability });
  const datasets = new Map(parts.map(({ part, dataset }) => [part, dataset]));
  const { backend, device, version } = runtime;
  return {
    ...counts,
    first: first.map((suspect): NamedSuspect => {
      return { ...suspect, imageName: datasets.get(suspect.part)?.nameOf?.(suspect.image) ?? `image ${suspect.image}` };
    }),
    ...{ checkpoint, leastProbability, classNames: parts[0]!.dataset.classNames },
    runtime: { backend, device, version },
  };
}

const nothingChanged = () => 'nothing was changed';

/** Says each message once: training and test part of the same data are read alike. */
function once(notice: Notice): Notice {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) notice(message);
    said.add(message);
  };
}
