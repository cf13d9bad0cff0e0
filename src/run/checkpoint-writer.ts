/** Saves a run while its training goes on. */

import { join } from 'node:path';
import { saveCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import type { Progress } from '../checkpoint/progress.ts';
import { NORMALISATION } from '../dataset/batches.ts';
import type { ModelState } from '../model/model.ts';
import { tensorsOf } from '../model/model-file.ts';
import { withDecayApplied } from '../model/parameter-layout.ts';
import type { Parameter } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import type { EpochEvent } from '../training/events.ts';
import { toolVersion } from '../version.ts';
import { computedOn } from './config.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { SavedEvent } from './run-events.ts';

export interface CheckpointWriterOptions {
  readonly run: PreparedRun;
  readonly folder: string;
  readonly runtime: Runtime;
  /** A copy of the present state. */
  readonly state: () => Promise<ModelState>;
  /** Called when a checkpoint is on the disk. */
  readonly onSaved: (event: SavedEvent) => void;
  /** Called once, when one cannot be written; nothing is written afterwards. */
  readonly onFailure: (error: unknown) => void;
}

/** One checkpoint is written at a time, in the background: only the copy of the state makes training stand still. */
export class CheckpointWriter {
  readonly #options: CheckpointWriterOptions;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #seconds = 0;
  /** What was last begun to be written. */
  #latest: Progress | undefined;

  constructor(options: CheckpointWriterOptions) {
    this.#options = options;
  }

  /** Time for which `save` was waited for, in seconds. */
  get seconds(): number {
    return this.#seconds;
  }

  /**
   * Copies the state and begins to write it, behind what is still being written.
   *
   * @param epoch the epoch that has just ended, whose weights these are
   */
  async save(progress: Progress, epoch?: EpochEvent): Promise<void> {
    const began = performance.now();
    await this.#writing;
    if (!this.#failure && !isSamePlace(progress, this.#latest)) {
      this.#latest = progress;
      const state = await this.#options.state();
      this.#writing = this.#write(state, progress, epoch).catch((error) => {
        this.#failure = { error };
        this.#options.onFailure(error);
      });
    }
    this.#seconds += (performance.now() - began) / 1000;
  }

  /**
   * Waits for what is being written.
   *
   * @throws what went wrong in writing, if anything did
   */
  async finish(): Promise<void> {
    const began = performance.now();
    await this.#writing;
    this.#seconds += (performance.now() - began) / 1000;
    if (this.#failure) throw this.#failure.error;
  }

  async #write(state: ModelState, progress: Progress, epoch: EpochEvent | undefined): Promise<void> {
    const { folder, run, onSaved } = this.#options;
    const metadata = this.#metadata(progress, epoch);
    // Best before last: were it the other way round, a kill between them would leave a run that knows a best which is
    // nowhere. This way round the epoch is trained again, and gives the same best again.
    if (epoch?.best) {
      const weights = tensorsOf(run.parameters, validatedOf(state, run.parameters));
      await saveCheckpoint(join(folder, RUN_FILES.best), weights, metadata, join(folder, RUN_FILES.previousBest));
    }
    const [path, previous] = [join(folder, RUN_FILES.last), join(folder, RUN_FILES.previousLast)];
    const { optimizer, averaged } = state;
    const scale = optimizer && optimizer.deadWeightScale !== 1 ? { deadWeightScale: optimizer.deadWeightScale } : {};
    const average = averaged ? { averaged: { deadWeightScale: averaged.deadWeightScale } } : {};
    const place: Progress = { ...progress, ...scale, ...average };
    await saveCheckpoint(path, tensorsOf(run.parameters, state), { ...metadata, progress: place }, previous);
    onSaved({ type: 'saved', step: progress.step, epochs: progress.epochs, checkpoint: path });
  }

  #metadata({ epochs, step }: Progress, epoch: EpochEvent | undefined): CheckpointMetadata {
    const { run, runtime } = this.#options;
    const { settings, architecture, plan, data } = run;
    const { dataset } = plan;
    return {
      toolVersion: toolVersion(),
      architecture,
      input: [dataset.channels, dataset.height, dataset.width],
      normalisation: NORMALISATION,
      seed: settings.seed,
      validationSize: settings.validationSize,
      dataHash: data.dataset.sha256,
      epoch: epochs,
      step,
      validationLoss: epoch?.validation.loss,
      validationAccuracy: epoch?.validation.accuracy,
      settings: { ...settings },
      computedOn: computedOn(runtime, settings),
    };
  }
}

/** The weights that were validated: their average where there is one. */
function validatedOf(
  { values, batchesTracked, optimizer, averaged }: ModelState,
  parameters: readonly Parameter[],
): ModelState {
  const validated = averaged ?? { values, deadWeightScale: optimizer?.deadWeightScale };
  return { values: withDecayApplied(validated.values, parameters, validated.deadWeightScale), batchesTracked };
}

/** A run that is stopped where it has just been saved keeps the checkpoint before that too. */
function isSamePlace(one: Progress, other: Progress | undefined): boolean {
  return one.step === other?.step && one.epochs === other.epochs && one.batch === other.batch;
}
