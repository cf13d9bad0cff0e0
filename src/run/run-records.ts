/** The files that a run writes beside its checkpoints: configuration, log, table of epochs, files for TensorBoard. */
import { join } from 'node:path';
import { writeFileAtomically } from '../checkpoint/atomic-file.ts';
import type { Progress } from '../checkpoint/progress.ts';
import type { Runtime } from '../runtime/open.ts';
import type { EpochEvent } from '../training/events.ts';
import { runConfig } from './config.ts';
import { openMetricsTable } from './epoch-metrics.ts';
import { openEventLog } from './folder/event-log.ts';
import type { LineLog } from './folder/line-log.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { RunLock } from './folder/run-lock.ts';
import type { PreparedRun } from './prepare-run.ts';
import { isLogged, jsonOf, type RunEvent } from './run-events.ts';
import { TensorBoardLog } from './tensorboard.ts';

/** The open records of a run. */
export class RunRecords {
  readonly #log: LineLog<Record<string, unknown>>;
  readonly #metrics: LineLog<EpochEvent>;
  readonly #logInterval: number;
  readonly #lock: RunLock | undefined;
  readonly #runtime: Runtime;
  #tensorboard: TensorBoardLog | undefined;

  private constructor(
    log: LineLog<Record<string, unknown>>,
    metrics: LineLog<EpochEvent>,
    tensorboard: TensorBoardLog | undefined,
    runtime: Runtime,
    logInterval: number,
    lock: RunLock | undefined,
  ) {
    this.#log = log;
    this.#metrics = metrics;
    this.#logInterval = logInterval;
    this.#lock = lock;
    this.#runtime = runtime;
    this.#tensorboard = tensorboard;
  }

  /**
   * Opens the records of a run; creates them if they are missing. What happened after the run's position is cut off: a
   * resumed run does it again.
   *
   * @throws UserError (io) naming the file that cannot be written, (locked) if the run has lost its lock
   */
  static async open(folder: string, run: PreparedRun, runtime: Runtime): Promise<RunRecords> {
    const { progress, settings, lock } = run;
    lock?.assertHeld();
    const log = await openEventLog(join(folder, RUN_FILES.events), (event) => happenedBefore(event, progress));
    const metrics = await openMetricsTable(join(folder, RUN_FILES.metrics), progress.epochs);
    const tensorboard = settings.tensorboard ? await TensorBoardLog.open(folder, runtime, progress) : undefined;
    const config = Buffer.from(`${JSON.stringify(runConfig(run, runtime, new Date()), null, 2)}\n`);
    // The configuration last: it replaces the earlier one only if all other records could be opened.
    const verify = async () => lock?.assertHeld();
    await writeFileAtomically(join(folder, RUN_FILES.config), [config], { size: config.length, verify });
    return new RunRecords(log, metrics, tensorboard, runtime, run.plan.logInterval, lock);
  }

  /** The event files for TensorBoard; undefined without --tensorboard. */
  get tensorboard(): TensorBoardLog | undefined {
    return this.#tensorboard;
  }

  /**
   * Has the records' files moved to another folder, and continues them there.
   *
   * @param move moves them
   * @throws what `move` throws, or UserError (io) if an event file cannot be begun
   */
  moveTo(folder: string, move: () => void): void {
    this.#lock?.assertHeld();
    const hadTensorBoard = this.#tensorboard !== undefined;
    this.#tensorboard?.close();
    this.#tensorboard = undefined;
    move();
    this.#log.movedTo(join(folder, RUN_FILES.events));
    this.#metrics.movedTo(join(folder, RUN_FILES.metrics));
    if (hadTensorBoard) this.#tensorboard = TensorBoardLog.resume(folder, this.#runtime);
  }

  /**
   * Records an event in the log, and in the other records that it concerns.
   *
   * @throws UserError (io) naming the file that cannot be written, (locked) if the run has lost its lock
   */
  add(event: RunEvent): void {
    if (!isLogged(event, this.#logInterval)) return;
    this.#lock?.assertHeld();
    this.#log.append(jsonOf(event));
    if (event.type === 'epoch') this.#metrics.append(event);
    this.#tensorboard?.add(event);
  }

  /** Records the weights at the end of an epoch; needs `tensorboard`. Throws as `add`. */
  addWeights(...weights: Parameters<TensorBoardLog['addWeights']>): void {
    this.#lock?.assertHeld();
    this.#tensorboard?.addWeights(...weights);
  }

  /**
   * Makes the log and the table survive a power cut.
   *
   * @throws UserError as `add`
   */
  sync(): void {
    this.#lock?.assertHeld();
    this.#log.sync();
    this.#metrics.sync();
  }

  close(): void {
    this.#log.close();
    this.#metrics.close();
    this.#tensorboard?.close();
  }
}

/** Whether a logged event happened before this position, so that a resumed run will not do it again. */
function happenedBefore({ event, epoch, step }: Readonly<Record<string, unknown>>, progress: Progress): boolean {
  return event === 'epoch' ? Number(epoch) <= progress.epochs : !(Number(step) > progress.step);
}
