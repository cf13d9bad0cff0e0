/** The library: what `import … from 'resnet'` gives. `docs/api.md` is its guide. */

export { evaluate } from './api/evaluate.ts';
export type {
  ConfusionFacts,
  EvaluationFacts,
  MistakeFacts,
  OtherImagesFacts,
} from './api/evaluation-facts.ts';
export { exportModel } from './api/export/export-model.ts';
export { type OpenCheckpoint, openCheckpoint } from './api/open-checkpoint.ts';
export type { PictureAnswer, PictureGuess, PictureProblem, RankedClassFacts } from './api/picture-answer.ts';
export type { PictureSource } from './api/pictures.ts';
export { predict } from './api/predict.ts';
export type {
  AnswerSettings,
  EvaluateSettings,
  ExportSettings,
  OpenEvaluateSettings,
  OpenSettings,
  PredictSettings,
  SummarySettings,
  TrainSettings,
} from './api/setting-types.ts';
export { summary } from './api/summary.ts';
export { train } from './api/train.ts';
export type { FinishedEvent, LoadingEvent, NoticeEvent, PreparedEvent, TrainEvent } from './api/train-events.ts';
export type { Progress, Stoppable, Watch } from './api/watch.ts';
export { ExitCode, UserError } from './errors.ts';
export type { ExportFacts, NetworkFacts, WeightsFacts } from './export/export-facts.ts';
export type { Figures, Summary, SummaryRow } from './net/summary.ts';
export type {
  ChangedSetting,
  EndEvent,
  Resumed,
  RunEvent,
  SavedEvent,
  SkippedEvent,
  StartEvent,
  WarningEvent,
} from './run/run-events.ts';
export type { EpochEvent, StepEvent, ThawEvent, TrainingEvent, ValidationEvent } from './training/events.ts';
