/** What TensorBoard is told of a run. */
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

/** Of a logged step; all others are of an epoch, and stand at its last step. */
const STEP_TAGS = 'step/';

export class TrainingSummaries {
  readonly #writer: TensorBoardWriter;

  private constructor(writer: TensorBoardWriter) {
    this.#writer = writer;
  }

  /**
   * Begins an event file in a run's folder, and cuts those before it back to where the run stands. Needs the TensorFlow
   * backend.
   *
   * @throws {UserError} exit 5 naming what cannot be written to
   */
  static async open(runFolder: string, runtime: Runtime, progress: Progress): Promise<TrainingSummaries> {
    const folder = join(runFolder, TENSORBOARD_FOLDER);
    try {
      await makeFolder(folder);
      if ((await lstat(folder)).isSymbolicLink()) throw Object.assign(new Error(), { code: 'ELOOP' });
      await truncateEventFiles(folder, (summary) => happenedBefore(summary, progress));
    } catch (error) {
      if (error instanceof UserError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${folder}: not a folder that can be written to (${code}); move it away`, ExitCode.io, {
        cause: error,
      });
    }
    return new TrainingSummaries(new TensorBoardWriter(runtime, folder));
  }

  /** Scalars of steps and epochs; nothing of other events. */
  add(event: RunEvent): void {
    if (event.type === 'step') {
      this.#writer.scalar(`${STEP_TAGS}loss`, event.step, event.loss);
      this.#writer.scalar(`${STEP_TAGS}learning_rate`, event.step, event.learningRate);
    } else if (event.type === 'epoch') {
      for (const [name, value] of Object.entries(epochMetrics(event)))
        this.#writer.scalar(`epoch/${name}`, event.step, value);
    }
  }

  /** A histogram of each trained parameter, by its name in PyTorch; of a kernel the taps that ever meet a pixel. */
  addWeights(step: number, parameters: readonly Parameter[], values: Values): void {
    for (const parameter of parameters) {
      const value = parameter.trainable ? values.get(parameter.name) : undefined;
      if (value) this.#writer.histogram(`weights/${parameter.name}`, step, toRuntime(parameter, value)[0]);
    }
  }

  /** What was added is then in the file, also if this process is killed. */
  flush(): void {
    this.#writer.flush();
  }

  close(): void {
    this.#writer.close();
  }
}

/** Whether a summary will not be written again; the epoch that is under way may have been, before its checkpoint was. */
function happenedBefore({ step, tag }: TensorBoardRecord, progress: Progress): boolean {
  if (step < progress.step || tag === undefined) return true;
  return step === progress.step && (tag.startsWith(STEP_TAGS) || progress.batch === 0);
}
