/** The library: what `import … from 'resnet'` gives. `docs/api.md` is its guide. */

export { evaluate } from './api/evaluate.ts';
export type { ConfusionFacts, EvaluationFacts, MistakeFacts, OtherImagesFacts } from './api/evaluation-facts.ts';
export { exportModel } from './api/export/export-model.ts';
export { type ModelFacts, type OpenCheckpoint, openCheckpoint } from './api/open-checkpoint.ts';
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
export type {
  FinishedEvent,
  LoadingEvent,
  NoticeEvent,
  PreparedEvent,
  TrainEvent,
  WaitingEvent,
} from './api/train-events.ts';
export type { Progress, Stoppable, Told, Watch } from './api/watch.ts';
export type { PictureReading, StoredPreparation } from './checkpoint/preparation.ts';
export type { BestEpoch } from './checkpoint/progress.ts';
export type { DataFormat } from './dataset/formats/found.ts';
export type { BrokenPicture } from './dataset/prepare/prepared-images.ts';
export { ExitCode, UserError } from './errors.ts';
export type { Calibration, CalibrationBin } from './evaluation/calibration.ts';
export type { ClassScores } from './evaluation/confusion.ts';
export type { EvaluatedData, SplitName } from './evaluation/evaluate-checkpoint.ts';
export type { MacroScores, Metrics, ValidationMetrics } from './evaluation/metrics.ts';
export type {
  CommonExportFacts,
  ExportedFileFacts,
  ExportFacts,
  NetworkFacts,
  WeightsFacts,
} from './export/export-facts.ts';
export type { SourcedProof } from './export/export-network.ts';
export type { NetworkFormat, WeightsFormat } from './export/formats.ts';
export type { NetworkInput, OutputName } from './export/inference/graph.ts';
export type { Missing } from './export/network-format.ts';
export type { Comparison } from './export/proof/compare.ts';
export type { Proof } from './export/proof/prove.ts';
export type { OriginalBox } from './image/original-box.ts';
export type { BodyPart } from './net/parts.ts';
export type { Architecture, Depth, Stem, Variant } from './net/resnet.ts';
export type { Figures, Summary, SummaryRow } from './net/summary.ts';
export type {
  ChangedSetting,
  EndEvent,
  Resumed,
  RunEvent,
  SavedEvent,
  SkippedEvent,
  StartData,
  StartEvent,
  StartFrozen,
  WarningEvent,
} from './run/run-events.ts';
export type { RecipeName } from './run/settings.ts';
export type { RuntimeFacts } from './runtime/choices.ts';
export type { Reduction } from './runtime/graph/collectives.ts';
export type { BestMeasure } from './training/best-measure.ts';
export type { Chance } from './training/chance.ts';
export type { EpochEvent, StepEvent, ThawEvent, TrainingEvent, ValidationEvent } from './training/events.ts';
export type { ScheduleName } from './training/schedule.ts';
export type { EarlyEnd } from './training/training-plan.ts';
