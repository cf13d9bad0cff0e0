/** The folder of a run that trains: where its files are now, and what of earlier runs is in it. */
import { join } from 'node:path';
import type { Notice } from '../errors.ts';
import { describeEarlier, removeEarlier } from './earlier-runs.ts';
import { folderWithBest } from './folder/earlier-folders.ts';
import { Replacement } from './folder/replacement.ts';
import { RUN_FILES } from './folder/run-files.ts';
import type { RunLock } from './folder/run-lock.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { SavedEvent } from './run-events.ts';
import type { RunRecords } from './run-records.ts';

/** How a run treats the earlier runs in its folder. */
interface Options {
  readonly notice: Notice;
  /** Number of folders in `earlier/` that stay once the run has a best checkpoint; default: all. */
  readonly keepEarlier?: number | undefined;
}

/** The folder of a run that trains. */
export class OpenedFolder {
  /** The run's folder. */
  readonly path: string;
  readonly #options: Options;
  readonly #lock: RunLock | undefined;
  readonly #replacement: Replacement | undefined;
  #hasRemoved = false;

  private constructor(path: string, options: Options, lock: RunLock | undefined, replacement: Replacement | undefined) {
    this.path = path;
    this.#options = options;
    this.#lock = lock;
    this.#replacement = replacement;
  }

  /**
   * Moves aside the files that a resumed run will not use. Of a new run, gives it a folder of its own if there is an
   * earlier run, whose files stay as they are until `saved` is called.
   *
   * @throws UserError (io) if files cannot be moved
   */
  static async open(
    path: string,
    { resumed, lock }: Pick<PreparedRun, 'resumed' | 'lock'>,
    options: Options,
  ): Promise<OpenedFolder> {
    await resumed?.reconcile();
    const replacement = resumed ? undefined : Replacement.begin(path, new Date());
    return new OpenedFolder(path, options, lock, replacement);
  }

  /** The folder that the run's files are in: a folder of their own until a new run has replaced an earlier one. */
  get current(): string {
    return this.#replacement?.folder ?? this.path;
  }

  /**
   * To be called after each save: at the first one, the run's files take the place of an earlier run's.
   *
   * @param hasBest whether `best.safetensors` is this run's
   * @returns the event of the save
   * @throws UserError (io) if files cannot be moved; then all are where they were, or (locked) if the run has lost its lock
   */
  async saved(
    { step, epochs }: Pick<SavedEvent, 'step' | 'epochs'>,
    hasBest: boolean,
    records: RunRecords,
  ): Promise<SavedEvent> {
    const { path } = this;
    const { notice, keepEarlier } = this.#options;
    const replacement = this.#replacement;
    if (replacement?.isDone === false) {
      records.moveTo(path, () => replacement.complete());
      await replacement.sync();
      notice(`an earlier run's files were moved to ${replacement.earlier}; ${await describeEarlier(path)}`);
    }
    if (hasBest && keepEarlier !== undefined && !this.#hasRemoved) {
      this.#hasRemoved = true;
      await removeEarlier(path, keepEarlier, notice, () => this.#lock?.assertHeld());
    }
    const earlier = hasBest ? undefined : folderWithBest(path, true);
    const checkpoint = join(path, RUN_FILES.last);
    return { type: 'saved', step, epochs, checkpoint, ...(earlier === undefined ? {} : { earlier }) };
  }

  /**
   * Removes the files of a run that has failed before it saved where an earlier run is. Without the lock they are the
   * concern of the run that has it now.
   */
  close(): void {
    if (this.#lock?.isHeld()) this.#replacement?.abandon();
  }
}
