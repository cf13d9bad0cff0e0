/** What a resumed run is told anew, against what it was told before. */
import type { Progress } from '../checkpoint/progress.ts';
import { EMPTY_SUMS } from '../engine/engine.ts';
import { ExitCode, UserError } from '../errors.ts';
import { initialGenerators } from '../training/initial-progress.ts';
import type { ChangedSetting } from './run-events.ts';
import { type RunSettings, SETTINGS } from './settings.ts';

/**
 * @param saved what the run was told before
 * @param given what it is told now; what is absent stays as it was
 * @param override what may change although the run is then another, by its name on the command line
 * @throws {UserError} exit 2 showing both values of a setting that may not change
 */
export function mergeSettings(
  saved: RunSettings,
  given: Partial<RunSettings>,
  override: readonly string[],
): { settings: RunSettings; changes: ChangedSetting[] } {
  const changes: ChangedSetting[] = [];
  const settings: Record<string, unknown> = {}; // in the order in which a checkpoint's are read: its bytes are to be the same
  for (const [name, setting] of Object.entries(SETTINGS) as [keyof RunSettings, (typeof SETTINGS)['seed']][]) {
    const { flag, change, absent } = setting;
    const [from, to] = [saved[name], given[name]];
    if (from !== undefined) settings[name] = from;
    if (to === undefined || JSON.stringify(to) === JSON.stringify(from ?? absent)) continue;
    if (change === 'never') throw refusal(`--${flag}`, from, to, 'it cannot change in a run; leave it out');
    if (change === 'override' && !override.includes(flag)) {
      throw refusal(`--${flag}`, from, to, `leave it out, or add --override ${flag}`);
    }
    changes.push({ name: flag, from: from ?? null, to });
    settings[name] = to;
  }
  return { settings: settings as unknown as RunSettings, changes };
}

/**
 * @param saved SHA-256 and image shape of the data that the run had
 * @param found those of the data that it is to have now
 * @returns the change, if there is one
 * @throws {UserError} exit 2 showing both
 */
export function compareData(
  saved: { readonly sha256: string; readonly input: readonly number[] },
  found: { readonly sha256: string; readonly input: readonly number[] },
  override: readonly string[],
): ChangedSetting[] {
  const [from, to] = [saved.input.join('×'), found.input.join('×')];
  if (from !== to) throw refusal('the shape of the images', from, to, 'it cannot change in a run; give its --data-dir');
  if (saved.sha256 === found.sha256) return [];
  if (!override.includes('data')) {
    const advice = 'give its --data-dir, or add --override data';
    throw refusal("the training data's SHA-256", saved.sha256, found.sha256, advice);
  }
  return [{ name: 'data', from: saved.sha256, to: found.sha256 }];
}

/** Changes after which the losses of two epochs on the validation images no longer compare. */
const OTHER_VALIDATION = ['seed', 'val-size', 'limit-val', 'data'];

export function changesValidation(changes: readonly ChangedSetting[]): boolean {
  return changes.some(({ name }) => OTHER_VALIDATION.includes(name));
}

/** Changes after which an epoch's remaining batches are not those that were left of it. */
const OTHER_BATCHES = ['seed', 'val-size', 'limit-train', 'batch-size', 'data'];

export function changesBatches(changes: readonly ChangedSetting[]): boolean {
  return changes.some(({ name }) => OTHER_BATCHES.includes(name));
}

/** What a schedule depends on. */
const SHAPING = ['lr', 'epochs', 'schedule', 'warmup', 'batch-size', 'limit-train', 'val-size', 'data'];

/** Whether the learning rates to come are others than they would have been. */
export function changesSchedule(changes: readonly ChangedSetting[], { schedule }: RunSettings): boolean {
  return schedule !== 'constant' && changes.some(({ name }) => SHAPING.includes(name));
}

/** The same place, but the epoch under way begins anew where its batches are others now. */
export function progressAfter(changes: readonly ChangedSetting[], progress: Progress, { seed }: RunSettings): Progress {
  if (!changesBatches(changes)) return progress;
  const reseeded = changes.some(({ name }) => name === 'seed');
  return { ...progress, batch: 0, sums: EMPTY_SUMS, ...(reseeded ? initialGenerators(seed) : {}) };
}

function refusal(what: string, from: unknown, to: unknown, advice: string): UserError {
  const before = from === undefined ? 'had none' : `had ${from}`;
  return new UserError(`--resume: ${what} is now ${to}, but the run ${before}: ${advice}`, ExitCode.usage);
}
