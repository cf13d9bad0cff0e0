/** One setting of a run: its flag, valid values, default, and the effect of a change on a resumed run. */
import type { ValueKind } from '../../value-kinds.ts';

/** Groups of flags, in the order in which help shows them. */
export const FLAG_GROUPS = ['Network', 'Learning', 'Data', 'Run', 'Runtime', 'Output'] as const;
/** A group of flags. */
export type FlagGroup = (typeof FLAG_GROUPS)[number];

/**
 * Whether a resumed run may change a setting.
 *
 * - `fixed`: never, because weights or optimizer would not fit.
 * - `override`: only with `--override`, because the run is then another run.
 * - `free`: always.
 */
export type OnResume = 'fixed' | 'override' | 'free';

/**
 * Effect of a changed setting on a resumed run.
 *
 * - `batches`: the current epoch has other batches, so it restarts.
 * - `validation`: losses on the validation images before and after cannot be compared, so the best so far is moved
 *   aside.
 * - `schedule`: the learning rates of the remaining steps are other ones.
 */
export type Effect = 'batches' | 'validation' | 'schedule';

/** A row of `SETTINGS`, for a setting of any type. */
export interface AnySetting<T = unknown> {
  /** Name on the command line. */
  readonly flag: string;
  readonly group: FlagGroup;
  /** Meaning in words that stand alone, for help and `docs/flags.md`. */
  readonly describe: string;
  readonly values: ValueKind<T>;
  /** Value if neither the user nor the recipe gives one. */
  readonly default?: T | undefined;
  /** Value of the setting in a run whose checkpoint does not have it; default: `default`. */
  readonly whereAbsent?: T | undefined;
  /** Effect of leaving the flag out, if there is no default. */
  readonly otherwise?: string;
  /** Present if a checkpoint holds the setting only when the user or the recipe gave it. */
  readonly optional?: true;
  readonly onResume: OnResume;
  /** Effects of a change on a resumed run; default: none. */
  readonly changes?: readonly Effect[];
}

/** A row of `SETTINGS` for a setting of type T. */
type Setting<T> = AnySetting<NonNullable<T>> &
  (undefined extends T ? { readonly optional: true } : { readonly optional?: never });

/** Rows for all settings of `T`, in the order in which a checkpoint lists them. */
export type SettingsTable<T> = { readonly [Name in keyof T]-?: Setting<T[Name]> };
