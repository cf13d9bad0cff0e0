/** The names of what a run leaves in its folder; only these are ever moved or replaced. */

export const CHECKPOINT_FILES = {
  /** The weights of the epoch with the lowest validation loss. */
  best: 'best.safetensors',
  /** All that is needed to go on. */
  last: 'last.safetensors',
  /** What the two replaced. */
  previousBest: 'best.previous.safetensors',
  previousLast: 'last.previous.safetensors',
} as const;

/** What is written of a run once it has been evaluated. */
export const REPORT_FILES = {
  report: 'report.html',
  curves: 'curves.png',
  confusion: 'confusion.png',
} as const;

export const RUN_FILES = {
  ...CHECKPOINT_FILES,
  ...REPORT_FILES,
  /** What the run was told, and what it computes on. */
  config: 'config.json',
  /** What happened, an event a line. */
  events: 'events.ndjson',
  /** How it went, an epoch a line. */
  metrics: 'metrics.csv',
} as const;

/** The folder with event files for TensorBoard. */
export const TENSORBOARD_FOLDER = 'tensorboard';

/** The folder that earlier runs are moved to. */
export const EARLIER_FOLDER = 'earlier';

export const LOCK_FILE = '.lock';

/** What a run's folder has a use for: none of these can be the name of a run in it. */
export const TAKEN_NAMES: readonly string[] = [
  ...Object.values(RUN_FILES),
  TENSORBOARD_FOLDER,
  EARLIER_FOLDER,
  LOCK_FILE,
];
