/** Settings of a resumed run: the saved ones, those given now, and the effects of the differences. */
import type { Progress } from '../../checkpoint/progress.ts';
import { EMPTY_SUMS } from '../../engine/engine.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { initialGenerators } from '../../training/initial-progress.ts';
import type { ChangedSetting } from '../run-events.ts';
import type { Effect } from '../settings/setting.ts';
import { type RunSettings, SETTING_ENTRIES, SETTINGS, TRAINING_DATA } from '../settings.ts';

/**
 * Settings of a resumed run, and the changes from those that it had.
 *
 * @param saved settings that the run had
 * @param given settings given now; a setting that is absent stays as it was
 * @param override flags of the settings that may change although the run is then another run
 * @throws UserError (usage) showing both values of a setting that may not change
 */
export function mergeSettings(
  saved: RunSettings,
  given: Partial<RunSettings>,
  override: readonly string[],
): { settings: RunSettings; changes: ChangedSetting[] } {
  const changes: ChangedSetting[] = [];
  const settings: Record<string, unknown> = {}; // in the order of `SETTINGS`, as every checkpoint has them
  for (const [name, { flag, onResume, default: value, whereAbsent: usual = value }] of SETTING_ENTRIES) {
    const [from, to] = [saved[name], given[name]];
    if (from !== undefined) settings[name] = from;
    if (to === undefined || JSON.stringify(to) === JSON.stringify(from ?? usual)) continue;
    if (onResume === 'fixed') throw refusal(`--${flag}`, from ?? usual, to, 'it cannot change in a run; leave it out');
    if (onResume === 'override' && !override.includes(flag)) {
      throw refusal(`--${flag}`, from, to, `leave it out, or add --override ${flag}`);
    }
    changes.push({ name: flag, from: from ?? null, to });
    settings[name] = to;
  }
  return { settings: settings as unknown as RunSettings, changes };
}

/**
 * Compares the data that a run was trained on with those of now.
 *
 * @param saved SHA-256 and image shape of the data that the run was trained on
 * @param found SHA-256 and image shape of the data that it would be trained on now
 * @param override names given by `--override`; `data` allows other data of the same shape
 * @returns the change, if there is one
 * @throws UserError (usage) showing both values if the shape differs, or the hash without `--override data`
 */
export function compareData(
  saved: { readonly sha256: string; readonly input: readonly number[] },
  found: { readonly sha256: string; readonly input: readonly number[] },
  override: readonly string[],
): ChangedSetting[] {
  const [from, to] = [saved.input.join('×'), found.input.join('×')];
  if (from !== to) throw refusal('the shape of the images', from, to, 'it cannot change in a run; give its --data-dir');
  if (saved.sha256 === found.sha256) return [];
  const { flag } = TRAINING_DATA;
  if (!override.includes(flag)) {
    const advice = `give its --data-dir, or add --override ${flag}`;
    throw refusal("the training data's SHA-256", saved.sha256, found.sha256, advice);
  }
  return [{ name: flag, from: saved.sha256, to: found.sha256 }];
}

/** Effects of a change on a resumed run, by the setting's flag. */
const EFFECTS: ReadonlyMap<string, readonly Effect[]> = new Map(
  [...Object.values(SETTINGS), TRAINING_DATA].map(({ flag, changes = [] }) => [flag, changes]),
);

/** Whether any of the changes has this effect on a resumed run. */
export function haveEffect(changes: readonly ChangedSetting[], effect: Effect): boolean {
  return changes.some(({ name }) => EFFECTS.get(name)?.includes(effect));
}

/** Whether the learning rates of the remaining steps differ from those that the run would have had. */
export function changesSchedule(changes: readonly ChangedSetting[], { schedule }: RunSettings): boolean {
  return schedule !== 'constant' && haveEffect(changes, 'schedule');
}

/**
 * The place where the run resumes: where it stopped, or the start of that epoch if the changes give it other batches.
 */
export function progressAfter(changes: readonly ChangedSetting[], progress: Progress, { seed }: RunSettings): Progress {
  if (!haveEffect(changes, 'batches')) return progress;
  const reseeded = changes.some(({ name }) => name === SETTINGS.seed.flag);
  return { ...progress, batch: 0, sums: EMPTY_SUMS, ...(reseeded ? initialGenerators(seed) : {}) };
}

function refusal(what: string, from: unknown, to: unknown, advice: string): UserError {
  const before = from === undefined ? 'had none' : `had ${from}`;
  return new UserError(`--resume: ${what} is now ${to}, but the run ${before}: ${advice}`, ExitCode.usage);
}
