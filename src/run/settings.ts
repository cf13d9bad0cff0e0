/** All settings of a run, in one table; and settings read from the flags of a command line or from a checkpoint. */
import { type Fail, kind } from '../checkpoint/fields.ts';
import { type CheckpointMetadata, failIn } from '../checkpoint/metadata.ts';
import { hasReached, type Progress } from '../checkpoint/progress.ts';
import {
  isSameNormalisation,
  type Normalisation,
  normalisationOf,
  normalisationValues,
  USUAL_NORMALISATION,
} from '../dataset/normalisation.ts';
import { hyperparametersOf } from '../engine/hyperparameters.ts';
import { DATA_SETTINGS, type DataSettings } from './settings/data.ts';
import { LEARNING_SETTINGS, type LearningSettings } from './settings/learning.ts';
import { NETWORK_SETTINGS, type NetworkSettings } from './settings/network.ts';
import { PICTURE_SETTINGS, type PictureSettings } from './settings/pictures.ts';
import { RUNNING_SETTINGS, type RunningSettings } from './settings/running.ts';
import type { AnySetting, SettingsTable } from './settings/setting.ts';
import { WORKER_SETTINGS, type WorkerSettings } from './settings/workers.ts';

export { RECIPE_NAMES, type RecipeName } from './settings/learning.ts';
export type { AnySetting } from './settings/setting.ts';

/** Settings of a run: everything that a user can configure. */
export interface RunSettings
  extends NetworkSettings,
    DataSettings,
    PictureSettings,
    LearningSettings,
    WorkerSettings,
    RunningSettings {}

/** Settings that the data decide where the user gives none; see `settingsForData`. */
type DecidedByData = 'classes' | 'validationSize' | 'stem';

/** Settings of a new run before its data are known. */
export type GivenSettings = Omit<RunSettings, DecidedByData> & Partial<Pick<RunSettings, DecidedByData>>;

/**
 * Every setting. Flags, help, `docs/flags.md`, checkpoints, `config.json` and resuming read this table. Its order is
 * that of a checkpoint: a run that was resumed and one that never stopped write the same bytes.
 */
export const SETTINGS: SettingsTable<RunSettings> = {
  ...NETWORK_SETTINGS,
  ...DATA_SETTINGS,
  ...PICTURE_SETTINGS,
  ...LEARNING_SETTINGS,
  ...WORKER_SETTINGS,
  ...RUNNING_SETTINGS,
};

/** Names and rows of all settings, in order. */
export const SETTING_ENTRIES = Object.entries(SETTINGS) as readonly (readonly [keyof RunSettings, AnySetting])[];

/** The training data: no setting, since their folder may move, but a resumed run compares their hash. */
export const TRAINING_DATA: Pick<AnySetting, 'flag' | 'onResume' | 'changes'> = {
  flag: 'data',
  onResume: 'override',
  changes: ['batches', 'validation', 'schedule'],
};

/** Names that `--override` takes: flags of settings, and `data`. */
export const OVERRIDES: readonly string[] = [...Object.values(SETTINGS), TRAINING_DATA].flatMap(({ flag, onResume }) =>
  onResume === 'override' ? [flag] : [],
);

/** Whether the run keeps an exponential moving average of its weights. */
export function isAveraged(settings: RunSettings): boolean {
  return hyperparametersOf(settings).ema > 0;
}

/** The normalisation of the images of a run whose data are known. */
export function normalisationIn({ normalisation }: Pick<RunSettings, 'normalisation'>): Normalisation {
  if (normalisation === 'auto') throw new Error('the normalisation was not computed');
  return normalisation ? normalisationOf(normalisation) : USUAL_NORMALISATION;
}

/** Settings in the order of `SETTINGS`. */
export function inOrder(settings: RunSettings): RunSettings {
  const entries = SETTING_ENTRIES.map(([name]) => [name, settings[name]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The settings among the flags of a command line; those that were not given are absent. */
export function settingsOf(flags: Readonly<Record<string, unknown>>): Partial<RunSettings> {
  const entries = SETTING_ENTRIES.map(([name, { flag }]) => [name, flags[flag]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/**
 * The settings of the run that wrote a checkpoint.
 *
 * @param path the checkpoint's name, for messages
 * @throws UserError (checkpoint) naming the setting that is wrong, or contradicts the rest of the file
 */
export function settingsIn(metadata: CheckpointMetadata, path: string): RunSettings {
  const fail: Fail = failIn(path);
  const { settings: saved = {}, architecture, normalisation, seed, validationSize, progress } = metadata;
  const { channels, ...network } = architecture;
  const isUsual = isSameNormalisation(normalisation, USUAL_NORMALISATION, channels);
  const recorded = isUsual ? {} : { normalisation: normalisationValues(normalisation) };
  const settings = decodeSettings({ ...recorded, ...saved }, fail);
  if (settings.normalisation === 'auto') fail('settings.normalisation', 'auto, expected numbers');
  const counted = settings.validationSize >= 1 ? { validationSize } : {}; // a fraction is of the data
  checkClassWeights(settings, fail);
  // The tensors are known to fit the architecture, and the run is made by its settings.
  for (const [name, value] of Object.entries({ ...network, seed, ...counted }) as [keyof RunSettings, unknown][]) {
    if (settings[name] === value) continue;
    fail(
      `settings.${name}`,
      `${settings[name]}, but its ${Object.hasOwn(network, name) ? 'network' : 'run'} has ${value}`,
    );
  }
  if (!isSameNormalisation(normalisationIn(settings), normalisation, channels)) {
    const [found, truth] = [settings.normalisation, normalisationValues(normalisation)];
    fail('settings.normalisation', `${found}, but its images were normalised by ${truth}`);
  }
  if (progress) checkSums(progress, settings, fail);
  if (progress) checkThaw(progress, settings, fail);
  return settings;
}

/** Checks that there is a weight for each class: a file's numbers are in the checkpoint, not its name. */
function checkClassWeights({ classWeights, classes }: RunSettings, fail: Fail): void {
  if (typeof classWeights !== 'object') return;
  const found = Array.isArray(classWeights) ? `${classWeights.length} numbers` : 'the name of a file';
  if (found !== `${classes} numbers`) fail('settings.classWeights', `${found}, expected ${classes} numbers`);
}

/** Checks that what is frozen, and the steps since its thaw, are what the settings of a run at this position say. */
function checkThaw({ epochs, batch, step, frozen }: Progress, { freeze, thawAt }: RunSettings, fail: Fail): void {
  const [found, wanted] = [String(frozen?.parts ?? 'none'), String(freeze ?? 'none')];
  if (found !== wanted) fail('progress.frozen.parts', `${found}, but the run's settings freeze ${wanted}`);
  if (!frozen) return;
  const { steps } = frozen;
  const isThawed = hasReached(thawAt, { epochs, batch });
  // Each epoch before the thaw took at least one step.
  const most = isThawed ? step - ((thawAt ?? 1) - 1) : 0;
  if (steps <= most && steps > 0 === isThawed) return;
  fail('progress.frozen.steps', `${steps} in epoch ${epochs + 1}, but the run thaws at ${thawAt ?? 'none'}`);
}

/** Checks that the steps of the present epoch can have had so many images: only an epoch's last batch has another size. */
function checkSums({ batch, sums: { count } }: Progress, { batchSize }: RunSettings, fail: Fail): void {
  const full = batch * batchSize;
  if (count > full - batchSize && count <= full + 1) return;
  fail('progress.sums.images', `${count} in ${batch} steps of ${batchSize} images`);
}

/**
 * Settings from the JSON of a checkpoint, in the order of `SETTINGS`; other fields are ignored.
 *
 * @param fail called with the setting that is missing or has an invalid value
 */
export function decodeSettings(saved: Readonly<Record<string, unknown>>, fail: Fail): RunSettings {
  const complete: typeof saved = { schedule: 'constant', ...saved }; // the only schedule of checkpoints that name none
  const entries = SETTING_ENTRIES.flatMap(([name, { values, optional }]) => {
    const value = complete[name];
    if (value === undefined && optional) return [];
    return [[name, kind(values.wanted, values.isValid)(value, `settings.${name}`, fail)]];
  });
  return Object.fromEntries(entries);
}
