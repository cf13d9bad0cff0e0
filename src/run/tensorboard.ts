/** A run's log for TensorBoard: curves of the losses, accuracies and rates, and histograms of the weights. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../checkpoint/progress.ts';
import { ExitCode, UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { toRuntime, type Values } from '../model/parameter-layout.ts';
import type { Parameter } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { type TensorBoardRecord, truncateEventFiles } from '../runtime/tensorboard-files.ts';
import { TensorBoardWriter } from '../runtime/tensorboard-writer.ts';
import { epochMetrics } from './epoch-metrics.ts';
import { TENSORBOARD_FOLDER } from './folder/run-files.ts';
import type { RunEvent } from './run-events.ts';

/** Prefix of the tags of logged steps. All other tags belong to an epoch, and carry the number of its last step. */
const STEP_TAG_PREFIX = 'step/';

/**
 * The event files of a run, open for writing. What is added is in the file at once. It would survive no kill otherwise,
 * and TensorFlow would write it when the process ends, even if the folder is another run's by then.
 */
export class TensorBoardLog {
  readonly #writer: TensorBoardWriter;

  private constructor(writer: TensorBoardWriter) {
    this.#writer = writer;
  }

  /**
   * Begins an event file in a run's folder, and cuts the earlier ones back to the run's position. Needs the TensorFlow
   * backend.
   *
   * @throws UserError (io) naming the file or folder that cannot be written to
   */
  static async open(runFolder: string, runtime: Runtime, progress: Progress): Promise<TensorBoardLog> {
    const folder = join(runFolder, TENSORBOARD_FOLDER);
    try {
      await makeFolder(folder);
      if ((await lstat(folder)).isSymbolicLink()) throw Object.assign(new Error(), { code: 'ELOOP' });
      await truncateEventFiles(folder, (record) => happenedBefore(record, progress));
    } catch (error) {
      if (error instanceof UserError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${folder}: not a folder that can be written to (${code}); move it away`, ExitCode.io, {
        cause: error,
      });
    }
    return new TensorBoardLog(new TensorBoardWriter(runtime, folder));
  }

  /**
   * Begins another event file of a run whose folder was moved: TensorFlow's writer does not find the moved file.
   *
   * @throws UserError (io) if the file cannot be created
   */
  static resume(runFolder: string, runtime: Runtime): TensorBoardLog {
    return new TensorBoardLog(new TensorBoardWriter(runtime, join(runFolder, TENSORBOARD_FOLDER)));
  }

  /** Writes the scalars of a step or an epoch; ignores other events. */
  add(event: RunEvent): void {
    if (event.type === 'step') {
      this.#writer.scalar(`${STEP_TAG_PREFIX}loss`, event.step, event.loss);
      this.#writer.scalar(`${STEP_TAG_PREFIX}learning_rate`, event.step, event.learningRate);
    } else if (event.type === 'epoch') {
      for (const [name, value] of Object.entries(epochMetrics(event)))
        this.#writer.scalar(`epoch/${name}`, event.step, value);
    }
    this.#writer.flush();
  }

  /**
   * Writes a histogram of each trained parameter by its PyTorch name, without dead weights (engine/trained-model.ts).
   */
  addWeights(step: number, parameters: readonly Parameter[], values: Values): void {
    for (const parameter of parameters) {
      const value = parameter.trainable ? values.get(parameter.name) : undefined;
      if (value) this.#writer.histogram(`weights/${parameter.name}`, step, toRuntime(parameter, value)[0]);
    }
    this.#writer.flush();
  }

  close(): void {
    this.#writer.close();
  }
}

/**
 * Whether a resumed run will not write this record again. At the position's own step an epoch's record stays only if
 * the epoch is finished: a kill may have fallen between the record and the epoch's checkpoint.
 */
function happenedBefore({ step, tag }: TensorBoardRecord, progress: Progress): boolean {
  if (step < progress.step || tag === undefined) return true;
  return step === progress.step && (tag.startsWith(STEP_TAG_PREFIX) || progress.batch === 0);
}
