/** The settings of a run under the library's names. */
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { type RunSettings, SETTING_ENTRIES, settingsIn } from '../run/settings.ts';
import type { TrainSettings } from './setting-types.ts';
import { underSettingNames } from './settings.ts';

/** Every setting that a run has, under its library's name. */
export function namedSettings(settings: RunSettings): TrainSettings {
  return underSettingNames(Object.fromEntries(SETTING_ENTRIES.map(([name, { flag }]) => [flag, settings[name]])));
}

/** The settings of the run that wrote a checkpoint. */
export function runSettingsOf(metadata: CheckpointMetadata, path: string): TrainSettings {
  return namedSettings(settingsIn(metadata, path));
}
