/** The names of a run's files in its folder. The tool moves and replaces no others. */

/** The usual folder of a run, or of several with names. */
export const RUNS_FOLDER = 'checkpoints';

/** The checkpoints of a run. */
export const CHECKPOINT_FILES = {
  /** The weights of the best epoch, see `--best-by`. */
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

/** Names of all files and folders of a run. */
export const RUN_NAMES: readonly string[] = [...Object.values(RUN_FILES), TENSORBOARD_FOLDER];

/** The folder that the files of earlier runs are moved to. */
export const EARLIER_FOLDER = 'earlier';

const DATE = String.raw`\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d`;

/** Names of the folders in `earlier/` that this tool makes; the groups are the time and, from 2 on, the attempt. */
export const EARLIER_NAME = new RegExp(`^(?<time>${DATE})(?:-(?<attempt>\\d+))?$`);

/** Names of the folder of a new run that has not saved yet; see `Replacement`. */
export const STAGING_NAME = new RegExp(`^\\.(?<state>new|ready)-(?<date>${DATE}(?:-\\d+)?)$`);

/** The lock that a running process holds on the folder. */
export const LOCK_FILE = '.lock';

/** All names that a run's folder uses itself: a run inside it cannot have one of these names. */
export const TAKEN_NAMES: readonly string[] = [...RUN_NAMES, EARLIER_FOLDER, LOCK_FILE];
