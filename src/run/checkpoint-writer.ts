/** Saves a run's checkpoints in the background while it trains. */

import { join } from 'node:path';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import type { Progress } from '../checkpoint/progress.ts';
import { saveCheckpoint } from '../checkpoint/save-checkpoint.ts';
import { validationCount } from '../dataset/split.ts';
import type { ModelState } from '../model/model.ts';
import { tensorsOf } from '../model/model-tensors.ts';
import { withDecayApplied } from '../model/parameter-layout.ts';
import type { Parameter } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import type { FinishedEpoch } from '../training/train.ts';
import { toolVersion } from '../version.ts';
import { computedOn } from './config.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { SavedEvent } from './run-events.ts';
import { normalisationIn } from './settings.ts';

/** The run whose checkpoints a `CheckpointWriter` saves, the folder to save them in, and callbacks. */
interface CheckpointWriterOptions {
  readonly run: PreparedRun;
  /** The folder that the next checkpoint is saved in. */
  readonly folder: () => string;
  readonly runtime: Runtime;
  /** Copies the model's current state to the host. */
  readonly state: () => Promise<ModelState>;
  /**
   * Called after a checkpoint is on the disk; no other is written before its promise resolves.
   *
   * @param hasBest whether `best.safetensors` is this run's
   */
  readonly onSaved: (saved: Pick<SavedEvent, 'step' | 'epochs'>, hasBest: boolean) => Promise<void>;
  /** Called once, when a checkpoint cannot be written; the writer writes nothing afterwards. */
  readonly onFailure: (error: unknown) => void;
}

/** Writes one checkpoint at a time. Training waits only while the state is copied, and for an earlier write to end. */
export class CheckpointWriter {
  readonly #options: CheckpointWriterOptions;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #seconds = 0;
  /** Position of the run in the latest checkpoint whose writing began. */
  #latest: Progress | undefined;
  /** Whether this run has saved its best; until then `best.safetensors` may be an earlier run's. */
  #hasBest: boolean;

  constructor(options: CheckpointWriterOptions) {
    this.#options = options;
    this.#hasBest = options.run.progress.best !== null;
  }

  /** Time that training has spent waiting for `save` and `finish`, in seconds. */
  get seconds(): number {
    return this.#seconds;
  }

  /**
   * Waits for the checkpoint that is still being written, copies the state and begins to write it.
   *
   * @param epoch the epoch that has just ended, if the state is that of its end
   */
  async save(progress: Progress, epoch?: FinishedEpoch): Promise<void> {
    const began = performance.now();
    await this.#writing;
    if (!this.#failure && !isSamePosition(progress, this.#latest)) {
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
   * Waits for the checkpoint that is still being written.
   *
   * @throws the error that stopped the writing, if there was one
   */
  async finish(): Promise<void> {
    const began = performance.now();
    await this.#writing;
    this.#seconds += (performance.now() - began) / 1000;
    if (this.#failure) throw this.#failure.error;
  }

  async #write(state: ModelState, progress: Progress, epoch: FinishedEpoch | undefined): Promise<void> {
    const { run, onSaved } = this.#options;
    const folder = this.#options.folder();
    const metadata = this.#metadata(progress, epoch);
    const assertHeld = () => run.lock?.assertHeld();
    assertHeld();
    // Write best first. If a kill falls between the two, the epoch is trained again and rewrites best; the other order
    // would record a best that was never saved.
    if (epoch?.best) {
      const weights = tensorsOf(run.parameters, validatedOf(state, run.parameters));
      const keepAs = this.#hasBest ? join(folder, RUN_FILES.previousBest) : undefined; // an earlier run's is kept already
      await saveCheckpoint(join(folder, RUN_FILES.best), weights, metadata, keepAs, assertHeld);
      this.#hasBest = true;
    }
    const [path, previous] = [join(folder, RUN_FILES.last), join(folder, RUN_FILES.previousLast)];
    const position: Progress = { ...progress, ...optimizerProgress(state) };
    const tensors = tensorsOf(run.parameters, state);
    await saveCheckpoint(path, tensors, { ...metadata, progress: position }, previous, assertHeld);
    assertHeld();
    await onSaved({ step: progress.step, epochs: progress.epochs }, this.#hasBest);
  }

  #metadata({ epochs, step }: Progress, epoch: FinishedEpoch | undefined): CheckpointMetadata {
    const { run, runtime } = this.#options;
    const { settings, architecture, plan, data, background, preparation } = run;
    const { dataset } = plan;
    return {
      toolVersion: toolVersion(),
      architecture,
      input: [dataset.channels, dataset.height, dataset.width],
      normalisation: normalisationIn(settings),
      seed: settings.seed,
      validationSize: validationCount(settings.validationSize, data.dataset),
      dataHash: data.dataset.sha256,
      epoch: epochs,
      step,
      validationLoss: epoch?.validation.loss,
      validationAccuracy: epoch?.validation.accuracy,
      validationBalancedAccuracy: epoch?.validation.balancedAccuracy,
      validationMacroF1: epoch?.validation.macroF1,
      temperature: epoch?.temperature,
      strangeness: epoch?.strangeness,
      classNames: dataset.classNames,
      preparation,
      background,
      settings: { ...settings },
      computedOn: computedOn(runtime, run),
    };
  }
}

/** The part of a position that the optimizer knows. */
function optimizerProgress({
  optimizer,
  averaged,
}: ModelState): Pick<Progress, 'deadWeightScale' | 'averaged' | 'frozen'> {
  const scale = (factor: number | undefined) => (factor === 1 ? undefined : factor);
  const frozen = optimizer?.frozen;
  return {
    deadWeightScale: scale(optimizer?.deadWeightScale),
    ...(averaged ? { averaged: { deadWeightScale: averaged.deadWeightScale } } : {}),
    ...(frozen
      ? {
          frozen: {
            ...{ parts: frozen.parts, steps: frozen.steps, deadWeightScale: scale(frozen.deadWeightScale) },
            averagedDeadWeightScale: scale(averaged?.frozen?.deadWeightScale),
          },
        }
      : {}),
  };
}

/** The weights that validation used: their exponential moving average with --ema, else the weights themselves. */
function validatedOf(
  { values, batchesTracked, optimizer, averaged }: ModelState,
  parameters: readonly Parameter[],
): ModelState {
  return { values: withDecayApplied(averaged?.values ?? values, parameters, averaged ?? optimizer), batchesTracked };
}

/** Whether two positions in a run are equal. Saving a position twice would make `last.previous` a copy of `last`. */
function isSamePosition(one: Progress, other: Progress | undefined): boolean {
  return one.step === other?.step && one.epochs === other.epochs && one.batch === other.batch;
}
