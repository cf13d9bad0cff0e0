/** The names of a run's files in its folder. The tool moves and replaces no others. */

/** The checkpoints of a run. */
export const CHECKPOINT_FILES = {
  /** The weights of the epoch with the lowest validation loss. */
  best: 'best.safetensors',
  /** The latest state of the run: all that is needed to resume. */
  last: 'last.safetensors',
  /** The best checkpoint before the current one. */
  previousBest: 'best.previous.safetensors',
  /** The last checkpoint before the current one. */
  previousLast: 'last.previous.safetensors',
} as const;

/** The files that `resnet report` writes about a run. */
export const REPORT_FILES = {
  report: 'report.html',
  curves: 'curves.png',
  confusion: 'confusion.png',
} as const;

/** All files of a run. */
export const RUN_FILES = {
  ...CHECKPOINT_FILES,
  ...REPORT_FILES,
  /** The run's settings, and the machine and backend that it computes on. */
  config: 'config.json',
  /** The run's log: one event per line. */
  events: 'events.ndjson',
  /** The table of epochs: one epoch per line. */
  metrics: 'metrics.csv',
} as const;

/** The folder of a run's event files for TensorBoard. */
export const TENSORBOARD_FOLDER = 'tensorboard';

/** The folder that the files of earlier runs are moved to. */
export const EARLIER_FOLDER = 'earlier';

/** The lock that a running process holds on the folder. */
export const LOCK_FILE = '.lock';

/** All names that a run's folder uses itself: a run inside it cannot have one of these names. */
export const TAKEN_NAMES: readonly string[] = [
  ...Object.values(RUN_FILES),
  TENSORBOARD_FOLDER,
  EARLIER_FOLDER,
  LOCK_FILE,
];
