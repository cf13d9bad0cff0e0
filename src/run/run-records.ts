/** What a run writes beside its checkpoints: its configuration, its log, the table of its epochs, TensorBoard's files. */
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
import type { PreparedRun } from './prepare-run.ts';
import { isLogged, jsonOf, type RunEvent } from './run-events.ts';
import { TrainingSummaries } from './tensorboard.ts';

export class RunRecords {
  readonly #log: LineLog<Record<string, unknown>>;
  readonly #metrics: LineLog<EpochEvent>;
  readonly #logInterval: number;
  /** Only where TensorBoard is wanted. */
  readonly summaries: TrainingSummaries | undefined;

  private constructor(
    log: LineLog<Record<string, unknown>>,
    metrics: LineLog<EpochEvent>,
    summaries: TrainingSummaries | undefined,
    logInterval: number,
  ) {
    this.#log = log;
    this.#metrics = metrics;
    this.#logInterval = logInterval;
    this.summaries = summaries;
  }

  /**
   * Begins the records of a run, or goes on with them without what happened behind its checkpoint and will happen again.
   *
   * @throws {UserError} exit 5 naming the file that cannot be written
   */
  static async open(folder: string, run: PreparedRun, runtime: Runtime): Promise<RunRecords> {
    const { progress, settings } = run;
    const log = await openEventLog(join(folder, RUN_FILES.events), (event) => happenedBefore(event, progress));
    const metrics = await openMetricsTable(join(folder, RUN_FILES.metrics), progress.epochs);
    const summaries = settings.tensorboard ? await TrainingSummaries.open(folder, runtime, progress) : undefined;
    const config = Buffer.from(`${JSON.stringify(runConfig(run, runtime, new Date()), null, 2)}\n`);
    await writeFileAtomically(join(folder, RUN_FILES.config), [config], { size: config.length }); // last: nothing else is refused
    return new RunRecords(log, metrics, summaries, run.plan.logInterval);
  }

  add(event: RunEvent): void {
    if (!isLogged(event, this.#logInterval)) return;
    this.#log.append(jsonOf(event));
    if (event.type === 'epoch') this.#metrics.append(event);
    this.summaries?.add(event);
  }

  /** What was added will not be lost with the power; of TensorBoard's files not with this process. */
  sync(): void {
    this.#log.sync();
    this.#metrics.sync();
    this.summaries?.flush();
  }

  close(): void {
    this.#log.close();
    this.#metrics.close();
    this.summaries?.close();
  }
}

function happenedBefore({ event, epoch, step }: Readonly<Record<string, unknown>>, progress: Progress): boolean {
  return event === 'epoch' ? Number(epoch) <= progress.epochs : !(Number(step) > progress.step);
}
