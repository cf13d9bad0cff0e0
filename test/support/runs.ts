/** Runs so small that one is trained in no time: prepared, started and read back inside the test's process. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import type { Notice } from '../../src/errors.ts';
import { type PreparedRun, prepareRun } from '../../src/run/prepare-run.ts';
import { prepareResumedRun } from '../../src/run/resume/resume-run.ts';
import type { RunEvent } from '../../src/run/run-events.ts';
import { decodeSettings, type RunSettings } from '../../src/run/settings.ts';
import { startRun } from '../../src/run/start-run.ts';
import type { Runtime } from '../../src/runtime/open.ts';
import { columnsDataset } from './datasets.ts';
import { jsonLines } from './resnet.ts';

/** The settings of such a run: its images are taken to be digits, and normalised as MNIST's. */
export const SETTINGS: RunSettings = {
  depth: 18,
  width: 2,
  variant: 'lesson',
  stem: 'imagenet',
  classes: 10,
  epochs: 2,
  learningRate: 0.001,
  schedule: 'constant',
  batchSize: 8,
  seed: 3,
  validationSize: 10,
  as: 'digit',
  normalisation: [0.5, 0.5],
  logInterval: 1,
  backend: 'auto',
  device: 'auto',
};

/** Writes training images into a new folder, easy to learn: ten classes of 12×12 pixels. */
export function writeTrainingData(folder: string, count: number): void {
  const { pixels, labels, height, width } = columnsDataset(count, 12);
  mkdirSync(folder);
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idxBytes([count, height, width], pixels));
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxBytes([count], labels));
}

/** Prepares a new run in a folder. */
export function begin(folder: string, settings: RunSettings): Promise<PreparedRun> {
  const ordered = decodeSettings({ ...settings }, (field, problem) => {
    throw new Error(`${field} ${problem}`); // in the order in which a checkpoint has them: its bytes are compared
  });
  return prepareRun(ordered, folder, false, () => {}, { notice: () => {} });
}

/** Prepares the run in a folder to be resumed. */
export function resumeIn(
  folder: string,
  given: Partial<RunSettings> = {},
  override: readonly string[] = [],
  notice: Notice = () => {},
): Promise<PreparedRun> {
  return prepareResumedRun({ place: { folder }, given, override }, () => {}, { notice });
}

/** The result of a run. */
export interface SeenRun {
  readonly events: readonly RunEvent[];
  readonly notices: readonly string[];
  /** Whether it was stopped. */
  readonly stopped: boolean;
}

/**
 * Trains a prepared run to its end, or until it is stopped, and releases its folder.
 *
 * @param stopAt the event at which it is stopped, as by Ctrl-C; default: none
 */
export async function seeRun(
  run: PreparedRun,
  runtime: Runtime,
  stopAt: (event: RunEvent) => boolean = () => false,
): Promise<SeenRun> {
  const events: RunEvent[] = [];
  const notices: string[] = [];
  const controller = new AbortController();
  const onEvent = (event: RunEvent) => {
    events.push(event);
    if (stopAt(event)) controller.abort();
  };
  const hooks = { onEvent, notice: (message: string) => notices.push(message), watched: false };
  try {
    await startRun(run, runtime, { ...hooks, signal: controller.signal });
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
  } finally {
    await run.lock?.release();
  }
  return { events, notices, stopped: controller.signal.aborted };
}

/** The events in a run's log. */
export function eventsIn(folder: string): Record<string, unknown>[] {
  return jsonLines(readFileSync(join(folder, 'events.ndjson'), 'utf8'));
}

/** The steps and epochs in a run's log, without their times and speeds. */
export function loggedTraining(folder: string): Record<string, unknown>[] {
  return eventsIn(folder)
    .filter(({ event }) => event === 'step' || event === 'epoch')
    .map(({ imagesPerSecond, steadyImagesPerSecond, trainSeconds, seconds, ...event }) => event);
}
